import type { Actor, Transaction } from '#kernel'
import type { Change } from '#core/audit'
import type { Claim } from './claim.ts'
import type { Journalled, Settling } from './operation-kind.ts'

/** Of entries that only hold claims while somebody looks: they change nothing, and nobody is told of them. */
export const lookKind = 'look'

export interface OperationEntry {
  readonly id: string
  readonly kind: string
  /** The id of the user or domain that it changes. */
  readonly subject: string
  readonly actor: Actor
  readonly claims: readonly Claim[]
  /** It takes its subject away: operations on it that are stuck don't keep it from that. */
  readonly removesSubject?: boolean
  /** The id of a request that may come again: one of its operations may be open or done at a time. */
  readonly idempotency?: string | undefined
}

/**
 * A step as the journal has it. `begun` stands there before the effect: without another word, nobody knows whether it
 * took place.
 */
export interface StepRecord {
  readonly name: string
  readonly state: 'begun' | 'done' | 'refused' | 'undone'
  readonly tries: number
  readonly begunAt: string
  readonly endedAt?: string
  /** What went wrong the last time. */
  readonly error?: string
}

export interface Progress {
  /** What the steps have learned. */
  readonly state: Journalled
  readonly steps: readonly StepRecord[]
}

/** Who carries an operation on. Each taking over makes a new turn; what is written in an earlier one is refused. */
export interface Turn {
  readonly id: string
  readonly turn: number
}

/** An operation that nobody carries on, and whoever reads it now does. */
export interface Unsettled extends Turn, Progress {
  readonly kind: string
  readonly subject: string
  /** None where nothing was begun. */
  readonly payload: Journalled | undefined
  /** Where it was decided already: an operation that is being undone is never finished any more. */
  readonly settling: Settling | undefined
  /** How often somebody has taken it over. */
  readonly tries: number
  /**
   * Since somebody last gave up on an effect that may yet appear, by the storage's clock. Whoever says nothing more until
   * its lease runs out gave up at its last word; who was only taking back what was done had no such effect.
   */
  readonly secondsSinceEffect: number
}

/** What is kept of an operation that was done. */
export interface Success {
  /** Plain JSON, for a request that may come again. */
  readonly result?: unknown
  /** What the audit trail is told. */
  readonly change?: Change
}

/** What became of a request's operation, unless it was undone. */
export interface Recalled {
  readonly id: string
  /** Otherwise it isn't settled. */
  readonly isDone: boolean
  /** What was kept when it was done. */
  readonly result: unknown
}

export interface Postponed {
  /** Without it, that stays as it was decided, or isn't yet. */
  readonly settling?: Settling
  readonly reason: string
  readonly seconds: number
  /** It has been tried often enough: somebody should look. */
  readonly stuck: boolean
  /** An effect was asked for just now, and may yet appear. */
  readonly gaveUp?: boolean
}

/** What was written in a turn that is over: another replica carries the operation on. */
export class TurnOver extends Error {
  constructor(id: string) {
    super(`operation ${id} is carried on by another replica`)
    this.name = 'TurnOver'
  }
}

/**
 * The journal of operations and the claims they hold, kept where all replicas see it. An entry has a lease by the
 * storage's own clock, which each word written in its turn renews: while it runs, nobody else carries the operation on or
 * touches what it claims. Words of a turn that is over are refused with `TurnOver`.
 */
export abstract class Operations {
  /**
   * Enters the operation, as its turn 0, and takes all of its claims; or does neither and returns those that others hold,
   * or that somebody else has been taking for so long that nobody can tell.
   */
  abstract begin(entry: OperationEntry): Promise<readonly Claim[]>

  /**
   * Writes down how far it is, before each effect and before each is taken back: with the first word what it is about,
   * and once it's being undone that it is.
   */
  abstract note(turn: Turn, progress: Progress, payload?: Journalled, settling?: Settling): Promise<void>

  /**
   * Writes the records, the operation's success and the audit trail's entry of it as one unit of work, and lets its claims
   * go.
   */
  abstract finish(
    turn: Turn,
    steps: readonly StepRecord[],
    write: (within: Transaction) => Promise<void>,
    success?: Success,
  ): Promise<void>

  /** The operation of a request that came before. */
  abstract recall(idempotency: string): Promise<Recalled | undefined>

  /** Whether `finish` has taken effect, for when its answer was lost. */
  abstract isFinished(id: string): Promise<boolean>

  /**
   * Nothing of the operation is left: says so, and lets its claims go. In a later turn it tells the audit trail, too: the
   * refusal that the caller hears is told by whoever answers.
   */
  abstract abandon(turn: Turn, steps: readonly StepRecord[], reason: string): Promise<void>

  /** Nothing was to be done: removes the entry with its claims. */
  abstract release(turn: Turn): Promise<void>

  /** Some of it may be left, in some system: it keeps its claims, and is taken over after some seconds. */
  abstract postpone(turn: Turn, progress: Progress, postponed: Postponed): Promise<void>

  /** Takes over some that nobody carries on, those first that wait for the longest time. */
  abstract takeOver(most: number): Promise<readonly Unsettled[]>
}
