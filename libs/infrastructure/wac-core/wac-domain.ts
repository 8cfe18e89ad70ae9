/** A domain as wac-core shows it. What else somebody put into it stays in it. */
export interface WacDomain {
  readonly id: string
  /** The name of the domain above. */
  readonly parent: string | null
  readonly domain: string
  readonly origins: readonly string[]
  readonly enableAnonymous: boolean
  readonly anonymousExpiration: number
  readonly anonymousCapabilities: readonly string[]
  readonly services: Readonly<Record<string, readonly string[]>>
  readonly remoteSipRegister: boolean
}

export type WacDomainBody = Omit<WacDomain, 'id'>
