/** A user as wac-core shows it. What else somebody put into it stays in it. */
export interface WacUser {
  readonly id: string
  readonly domain: string
  readonly username: string
  readonly displayName?: string | undefined
  readonly email?: string | undefined
  readonly role: string
  readonly capabilities: readonly string[]
  readonly mobilePhone: readonly string[]
  readonly currentTimezone?: string
  readonly locale?: string
  /** The user's id in kitter and Keycloak. */
  readonly externalId?: string
}

export type WacUserBody = Omit<WacUser, 'id'>
