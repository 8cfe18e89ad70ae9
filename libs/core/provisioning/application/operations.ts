import type { Transaction } from '#kernel'
import type { Claim } from './claim.ts'

export interface OperationEntry {
  readonly id: string
  readonly kind: string
  readonly subject: string
  /** The token's subject that asked for it. */
  readonly actor: string
  readonly claims: readonly Claim[]
}

/**
 * The journal of operations and the claims they hold, kept where all replicas see it. An entry has a lease by the
 * storage's own clock: while it runs, nobody else touches what the operation claims.
 */
export abstract class Operations {
  /**
   * Enters the operation and takes all of its claims, or does neither and returns those that others hold.
   */
  abstract begin(entry: OperationEntry): Promise<readonly Claim[]>

  /** Writes the records and the operation's success as one unit of work, and lets its claims go. */
  abstract finish(id: string, write: (within: Transaction) => Promise<void>): Promise<void>

  /** Whether `finish` has taken effect, for when its answer was lost. */
  abstract isFinished(id: string): Promise<boolean>

  /** Nothing of the operation is left: says so, and lets its claims go. */
  abstract abandon(id: string, reason: string): Promise<void>

  /** Some of it may be left, in some system: it keeps its claims until it's settled. */
  abstract leaveUnfinished(id: string, reason: string): Promise<void>
}
