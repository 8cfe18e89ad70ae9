import type { Transaction } from '#kernel'
import type { Claim } from './claim.ts'

/** What steps learn and later steps need, such as ids that other systems gave. Plain JSON, and never a secret. */
export type OperationState = Readonly<Record<string, unknown>>

/**
 * One effect on one other system. A step without `undo` can't be taken back: once it's done the operation only goes
 * forward.
 */
export interface Step<State extends OperationState> {
  readonly name: string
  do(state: State): Promise<State>
  undo?(state: State): Promise<void>
}

/** What is to be done once the claims are held, decided on facts that can't change any more. */
export interface PreparedOperation<State extends OperationState, Result> {
  readonly state: State
  readonly steps: readonly Step<State>[]
  /** Writes kitter's own records together with the operation's outcome. */
  commit(state: State, within: Transaction): Promise<void>
  result(state: State): Result
}

/** A change that several systems must make together or not at all. */
export interface OperationPlan<State extends OperationState, Result> {
  readonly kind: string
  /** The id of the user or domain that it changes. */
  readonly subject: string
  readonly claims: readonly Claim[]
  /** Runs under the claims and throws what the caller got wrong; nothing has been done yet then. */
  prepare(): Promise<PreparedOperation<State, Result>>
}
