import type { Page, Scope, Transaction } from '#kernel'
import type { DomainName } from '#core/domains'
import type { User } from '../domain/user.ts'
import type { UserName } from '../domain/user-name.ts'

/** A user with what kitter must remember of it: its login name in Keycloak and its id at wac-core. */
export interface UserRecord {
  readonly user: User
  readonly loginName: string
  readonly communicationsId: string
}

/** All of them together. Texts are literal, wildcards included. */
export interface UserFilter {
  readonly username?: string
  readonly email?: string
  /** Whether username and email match as a whole, or in any part; in any case both ways. */
  readonly exact: boolean
  readonly phoneNumber?: string
  readonly domain?: string
  readonly emailVerified?: boolean
}

/** kitter's own row of every user. Whatever is out of the scope isn't there. */
export abstract class UserRecords {
  /** By username, then id; `total` counts all pages. */
  abstract list(
    scope: Scope,
    filter: UserFilter,
    page: Page,
  ): Promise<{ readonly users: readonly User[]; readonly total: number }>
  abstract find(scope: Scope, id: string): Promise<UserRecord | undefined>
  abstract findByName(scope: Scope, domain: DomainName, username: UserName): Promise<UserRecord | undefined>
  /** The id of the user that logs in with this name. */
  abstract ownerOfLogin(loginName: string): Promise<string | undefined>
  /** The id of the user with this address, in any case. */
  abstract ownerOfEmail(email: string): Promise<string | undefined>

  abstract add(record: UserRecord, within: Transaction): Promise<void>
  abstract replace(record: UserRecord, within: Transaction): Promise<void>
  abstract remove(id: string, within: Transaction): Promise<void>
}
