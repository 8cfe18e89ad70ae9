import type { Transaction } from '#kernel'
import type { Change } from '#core/audit'

/** Plain JSON, and never a secret: it's written down. */
export type Journalled = Readonly<Record<string, unknown>>

/** One effect on one other system. Where it isn't known whether it took effect, it may be done or undone again. */
export interface Step<State extends Journalled> {
  readonly name: string
  /** Made again, it only says whether it took effect; its refusal is the last word then. */
  readonly onlyOnce?: boolean
  /** Learns what undoing will need. What it gives is written to the journal before the effect. */
  look?(state: State): Promise<State>
  do(state: State): Promise<State>
  /** Takes the effect back, wherever it is found. A step without it can't be taken back. */
  undo?(state: State): Promise<void>
}

/** What becomes of an operation that nobody carries on any more. */
export type Settling = 'undo' | 'finish'

/**
 * How operations of one kind are made of steps, given what was decided when they began. Whatever replica finds one of
 * them unfinished can settle it.
 */
export interface OperationKind<Payload extends Journalled, State extends Journalled> {
  /** Such as `user.create`. */
  readonly name: string
  /** A step that needs a secret isn't among these, and can't be made again. */
  steps(payload: Payload): readonly Step<State>[]
  settling(payload: Payload): Settling
  /** A late effect would undo what came after the operation: who finishes it waits until none can come any more. */
  readonly lateHarms?: boolean
  /** Writes kitter's own records together with the operation's outcome. */
  commit(payload: Payload, state: State, within: Transaction): Promise<void>
  /** What the audit trail is told of it, once it's done. */
  change(payload: Payload, state: State): Change
}
