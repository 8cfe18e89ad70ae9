import type { CommunicationsUser } from '#core/users'

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
  readonly currentTimezone?: string | undefined
  readonly locale?: string | undefined
  /** The user's id in kitter and Keycloak. */
  readonly externalId?: string | undefined
}

export type WacUserBody = Omit<WacUser, 'id'>

type KnownName = 'domain' | 'username' | 'displayName' | 'email' | 'mobilePhone' | 'externalId'

/** What kitter knows of a user. */
type KnownWacUser = Pick<WacUser, 'id' | KnownName>

/** A user that isn't there yet. */
export function newWacUser(user: CommunicationsUser): WacUserBody {
  return mergedWacUser({ role: 'user', capabilities: [], mobilePhone: [] }, user)
}

/**
 * A user as it was read, with what kitter knows of it replaced. What is absent is absent at wac-core too: field by field,
 * for a user that went through JSON has no undefined fields.
 */
export function mergedWacUser<Before extends Pick<WacUser, 'mobilePhone'>>(
  before: Before,
  user: CommunicationsUser,
): Before & Pick<WacUser, KnownName> {
  const { externalId, domain, username, displayName, email, phoneNumber } = user
  const mobilePhone = withFirst(before.mobilePhone, phoneNumber)
  return { ...before, externalId, domain, username, displayName, email, mobilePhone }
}

export function communicationsUserOf(user: KnownWacUser): CommunicationsUser {
  const { externalId, domain, username, displayName, email, mobilePhone } = user
  return {
    externalId: externalId === '' ? undefined : externalId,
    domain,
    username,
    displayName,
    email,
    phoneNumber: mobilePhone[0] === '' ? undefined : mobilePhone[0],
  }
}

/** Where others follow, an absent first number keeps its place, or the second would be taken for kitter's. */
function withFirst([, ...others]: readonly string[], first: string | undefined): readonly string[] {
  if (first !== undefined) return [first, ...others]
  return others.length === 0 ? [] : ['', ...others]
}
