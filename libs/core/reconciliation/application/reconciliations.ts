import type { Page, Actor } from '#kernel'
import type { DomainName } from '#core/domains'
import type { Outcome, ToldDifference } from '../domain/difference.ts'
import type { Policy } from '../domain/policy.ts'
import type { Counts, Phase, Reconciliation } from '../domain/reconciliation.ts'

export interface NewReconciliation {
  readonly id: string
  readonly domain?: DomainName | undefined
  readonly policy: Policy
  readonly startedBy: Actor
}

/** Who works on it. Each taking over makes a new turn; what is written in an earlier one is refused. */
export interface Shift {
  readonly id: string
  readonly turn: number
}

export interface TakenReconciliation extends Shift {
  readonly reconciliation: Reconciliation
  /** How often it has been taken over since it last went on. */
  readonly tries: number
}

/** Somebody has cancelled it, or another replica works on it. */
export class ShiftOver extends Error {
  constructor(id: string) {
    super(`reconciliation ${id} was cancelled or is carried on by another replica`)
    this.name = 'ShiftOver'
  }
}

/**
 * Reconciliations and the differences that they found, kept where all replicas see them. One at a time is running, and one
 * replica works on it, for as long as its lease by the storage's own clock; each word renews it. Words of a shift that is
 * over are refused with `ShiftOver`.
 */
export abstract class Reconciliations {
  /** Throws `reconciliation.running` while there is one. Gives it back as it is kept. */
  abstract add(reconciliation: NewReconciliation): Promise<Reconciliation>

  /** Newest first. */
  abstract list(page: Page): Promise<{ readonly reconciliations: readonly Reconciliation[]; readonly total: number }>

  abstract find(id: string): Promise<Reconciliation | undefined>

  /** Whether it was running; one that has ended stays as it is. */
  abstract cancel(id: string): Promise<boolean>

  /** In the order in which they were found. */
  abstract listDifferences(
    id: string,
    outcome: Outcome | undefined,
    page: Page,
  ): Promise<{ readonly differences: readonly ToldDifference[]; readonly total: number }>

  /** Takes over the one that is running, where nobody works on it. */
  abstract takeOver(): Promise<TakenReconciliation | undefined>

  /** Renews the lease, and writes down how far it is. */
  abstract note(shift: Shift, phase: Phase, counts: Counts): Promise<void>

  /** Only renews the lease. */
  abstract renew(shift: Shift): Promise<void>

  /** Writes a difference down, in place of what was said of the same user or domain before. */
  abstract tell(shift: Shift, difference: ToldDifference): Promise<void>

  /** What was said of a user or domain. */
  abstract told(id: string, about: ToldDifference['about'], subject: string): Promise<ToldDifference | undefined>

  /** It can't go on now, and is taken over after some seconds. */
  abstract postpone(shift: Shift, reason: string, seconds: number): Promise<void>

  abstract end(shift: Shift, state: 'done' | 'failed', reason?: string): Promise<void>

  /** Removes some of those that ended longer ago, with their differences. How many. */
  abstract forgetSome(endedSecondsAgo: number): Promise<number>
}
