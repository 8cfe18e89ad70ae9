import type { DomainName } from '#core/domains'
import type { Account, CommunicationsUser } from '#core/users'

/**
 * A user that looked different when all were compared: by its id, or where it has none that can be one of kitter's, or
 * shares it with another, by its id at wac-core.
 */
export interface Suspect {
  /** In the order in which they are looked at: ascending. */
  readonly number: number
  readonly userId?: string | undefined
  readonly communicationsId?: string | undefined
}

/** Of the users that kitter had when the reconciliation began, how many there were, and how many aren't among the copies. */
export interface Missing {
  readonly users: number
  readonly accounts: number
  readonly communicationsUsers: number
}

/**
 * Copies of what Keycloak and wac-core have, in kitter's own storage, where they are compared with kitter's own users by
 * the storage itself: so the memory that it takes doesn't grow with their number. What is copied isn't of one moment; who
 * looks different is only suspected. All of it belongs to one reconciliation.
 */
export abstract class Staging {
  /** Nothing of one kind any more: a scan that was broken off begins anew. */
  abstract clear(reconciliation: string, what: 'accounts' | 'communications_users'): Promise<void>

  /** Accounts whose attributes are those that kitter keeps (`comparable`). One that is there already is replaced. */
  abstract addAccounts(reconciliation: string, accounts: readonly Account[]): Promise<void>

  abstract addCommunicationsUsers(
    reconciliation: string,
    users: readonly { readonly id: string; readonly user: CommunicationsUser }[],
  ): Promise<void>

  /** Once all are copied, of one domain or all. */
  abstract missing(reconciliation: string, domain: DomainName | undefined): Promise<Missing>

  /**
   * Compares all with kitter's users (of one domain, or all), and writes down who looks different: missing somewhere, a
   * field that differs (addresses compare in any case, an attribute's values in any order), another id at wac-core than
   * kitter remembers. How many. Whoever has a `userDrift` is among them.
   */
  abstract compare(reconciliation: string, domain: DomainName | undefined): Promise<number>

  /** Some of those that are to be looked at in this round, after the one with this number. */
  abstract suspects(reconciliation: string, round: number, after: number, most: number): Promise<readonly Suspect[]>

  /** It has been looked at. */
  abstract clearSuspect(reconciliation: string, suspect: number): Promise<void>

  /** It is to be looked at once more, in the next round. */
  abstract deferSuspect(reconciliation: string, suspect: number): Promise<void>

  /** Whoever is left is to be looked at in the first round, for whoever takes over begins with that. */
  abstract beginRounds(reconciliation: string): Promise<void>

  /** Nothing of the reconciliation any more. */
  abstract forget(reconciliation: string): Promise<void>
}
