import type { DomainName } from '#core/domains'
import type { SipCredential } from '../domain/sip-mapping.ts'

/**
 * A user at wac-core. Others may have made or changed it, and its names are such as kitter never gives. `externalId` is
 * the user's id in kitter and Keycloak: how the records are matched.
 */
export interface CommunicationsUser {
  readonly externalId?: string | undefined
  readonly domain: string
  readonly username: string
  readonly displayName?: string | undefined
  readonly email?: string | undefined
  readonly phoneNumber?: string | undefined
}

/** A user with the id that wac-core gave it. */
export interface KnownCommunicationsUser {
  readonly id: string
  readonly user: CommunicationsUser
}

/**
 * The users at wac-core and their SIP mappings. Ids are wac-core's own (24 hex digits). Refusals are thrown as
 * `DomainError`: a username in use in its domain is `user.name_taken`, a SIP username in use `user.sip_mapping_taken`,
 * a missing user `user.unknown`.
 */
export abstract class CommunicationsUsers {
  /** The id it was given. */
  abstract create(user: CommunicationsUser): Promise<string>

  abstract findByName(domain: string, username: string): Promise<KnownCommunicationsUser | undefined>

  abstract find(id: string): Promise<CommunicationsUser | undefined>

  /** Replaces what kitter knows of the user and keeps the rest. Gives back how it was before. */
  abstract replace(id: string, user: CommunicationsUser): Promise<CommunicationsUser>

  /** The user with its SIP mapping, whose pool entry becomes available again. */
  abstract remove(id: string): Promise<void>

  /** Gives the user a SIP mapping; its id. */
  abstract map(userId: string, credential: SipCredential): Promise<string>

  abstract unmap(mappingId: string): Promise<void>

  /**
   * Every user, or those of one domain, some at a time, however many there are; no snapshot of what changes meanwhile. It
   * ends when all were shown, and throws where that can't be. What of a user makes no sense is absent, names are empty then.
   */
  abstract scan(domain?: DomainName): AsyncIterable<readonly KnownCommunicationsUser[]>
}
