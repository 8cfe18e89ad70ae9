import type { DomainName } from '#core/domains'
import type { HashedPassword } from '../domain/password.ts'

/** An account as the identity provider keeps it. `domain` and `phone_number` are attributes there. */
export interface Account {
  /** A UUID, chosen by kitter. */
  readonly id: string
  readonly loginName: string
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly enabled: boolean
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** What the realm will ask of the user at the next log-in, in its own words; none is absent. */
  readonly requiredActions?: readonly string[] | undefined
}

/** An absent field stays, `undefined` clears it; attributes merge key by key, an empty list removes one. */
export type AccountChange = Partial<Omit<Account, 'id' | 'requiredActions'>>

export interface AccountUpdate {
  readonly password?: HashedPassword | undefined
  readonly known?: Account | undefined
}

/**
 * The accounts of the realm. Refusals are thrown as `DomainError`: a login name in use is `user.name_taken`, an email
 * in use `user.email_taken` (both in any case), a missing account `user.unknown`.
 */
export abstract class IdentityDirectory {
  /** Under the id that the account brings, in one transaction. */
  abstract create(account: Account, password?: HashedPassword): Promise<void>

  abstract find(id: string): Promise<Account | undefined>
  abstract findByLoginName(loginName: string): Promise<Account | undefined>

  /**
   * Changes what is named and keeps all the rest, also what kitter doesn't know. Gives back how it was before, which
   * needn't be asked for where it's `known`.
   */
  abstract update(id: string, change: AccountChange, given?: AccountUpdate): Promise<Account>

  /** The account with its sessions. */
  abstract remove(id: string): Promise<void>

  /**
   * Every account, or those with this very text in their attribute `domain`, some at a time, in a fixed order; no snapshot
   * of a realm that changes meanwhile.
   */
  abstract scan(domain?: DomainName): AsyncIterable<readonly Account[]>
}
