import type { Page } from '#kernel'
import type { StepRecord } from './operations.ts'

/**
 * `open`: its caller waits for it. `settling`: it was left, and is finished or undone in the background. `stuck`: that has
 * failed too often. `done` and `undone` are for good.
 */
export const operationStates = ['open', 'settling', 'stuck', 'done', 'undone'] as const
export type OperationState = (typeof operationStates)[number]
export type UnsettledState = Exclude<OperationState, 'done' | 'undone'>

/** How an operation stands, without what it's about, which may be personal. */
export interface OperationReport {
  readonly id: string
  readonly kind: string
  /** The id of the user or domain that it changes; of a new domain its name. */
  readonly subject: string
  readonly actor: { readonly id: string; readonly name: string }
  readonly state: OperationState
  readonly startedAt: Date
  readonly endedAt?: Date | undefined
  /** How often somebody has tried to settle it after it was left. */
  readonly tries: number
  /** While it is being settled. */
  readonly nextTryAt?: Date | undefined
  readonly lastError?: string | undefined
  readonly steps: readonly StepRecord[]
}

export interface OperationFilter {
  readonly state?: OperationState
  readonly subject?: string
  readonly since?: Date
  /** Only what this actor has asked for, by id. */
  readonly askedBy?: string
}

/** The journal, for those who look into it. */
export abstract class OperationRecords {
  /** Newest first, and how many there are on all pages. */
  abstract list(
    filter: OperationFilter,
    page: Page,
  ): Promise<{ readonly operations: readonly OperationReport[]; readonly total: number }>

  abstract find(id: string): Promise<OperationReport | undefined>

  /** Makes one that is being settled or stuck due at once, and has it tried as often again. All others stay as they are. */
  abstract retry(id: string): Promise<void>

  /** How many there are in each state that isn't for good. */
  abstract countUnsettled(): Promise<Readonly<Record<UnsettledState, number>>>

  /** Removes some of those that ended longer ago. How many. */
  abstract forgetSome(endedSecondsAgo: number): Promise<number>
}
