import type { DomainName } from '#core/domains'
import type { SipCredential } from '../domain/sip-mapping.ts'
import type { UserName } from '../domain/user-name.ts'

/** A user at wac-core. `externalId` is the user's id in kitter and Keycloak: how the records are matched. */
export interface CommunicationsUser {
  readonly externalId: string
  readonly domain: DomainName
  readonly username: UserName
  readonly displayName?: string | undefined
  readonly email?: string | undefined
  readonly phoneNumber?: string | undefined
}

/**
 * The users at wac-core and their SIP mappings. Ids are wac-core's own (24 hex digits). Refusals are thrown as
 * `DomainError`: a username in use in its domain is `user.name_taken`, a SIP username in use `user.sip_mapping_taken`,
 * a missing user `user.unknown`.
 */
export abstract class CommunicationsUsers {
  /** The id it was given. */
  abstract create(user: CommunicationsUser): Promise<string>

  abstract findByName(
    domain: DomainName,
    username: UserName,
  ): Promise<{ readonly id: string; readonly user: CommunicationsUser } | undefined>

  abstract find(id: string): Promise<CommunicationsUser | undefined>

  /** Replaces what kitter knows of the user and keeps the rest. Gives back how it was before. */
  abstract replace(id: string, user: CommunicationsUser): Promise<CommunicationsUser>

  /** The user with its SIP mapping, whose pool entry becomes available again. */
  abstract remove(id: string): Promise<void>

  /** Gives the user a SIP mapping; its id. */
  abstract map(userId: string, credential: SipCredential): Promise<string>

  abstract unmap(mappingId: string): Promise<void>
}
