import type { Claim } from './claim.ts'
import type { Journalled, OperationKind, Step } from './operation-kind.ts'

/** What is to be done once the claims are held, decided on facts that can't change any more. */
export interface PreparedOperation<Payload extends Journalled, State extends Journalled, Result> {
  /** What the operation is about: enough for whoever has to settle it. */
  readonly payload: Payload
  /** The kind's own steps by default; here they may need secrets, too. */
  readonly steps?: readonly Step<State>[]
  /** Plain JSON: it's kept for a request that comes again. */
  result(state: State): Result
}

/** A change that several systems must make together or not at all. */
export interface OperationPlan<Payload extends Journalled, State extends Journalled, Result> {
  readonly kind: OperationKind<Payload, State>
  /** The id of the user or domain that it changes. */
  readonly subject: string
  readonly claims: readonly Claim[]
  /** It takes its subject away: operations on it that are stuck don't keep it from that. */
  readonly removesSubject?: boolean
  /** Runs under the claims and throws what the caller got wrong; nothing has been done yet then. */
  prepare(): Promise<PreparedOperation<Payload, State, Result>>
}
