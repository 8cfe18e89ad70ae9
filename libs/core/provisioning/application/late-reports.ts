import { setTimeout as pause } from 'node:timers/promises'
import { type Operations, type StepRecord, type Turn, TurnOver } from './operations.ts'

interface Report {
  readonly turn: Turn
  readonly steps: readonly StepRecord[]
  readonly reason: string
  readonly since: number
}

const betweenTriesMs = 500
/** Then the lease is over, and somebody settles what is left. */
const longestMs = 60_000
const mostAtOnce = 10_000

/**
 * Operations of which nothing is left, though the journal was away when it should have been told. Whoever is told to try
 * again must not find the names taken by them: the journal is told as soon as it's back.
 */
export class LateReports {
  private readonly operations: Operations
  private readonly reports = new Map<string, Report>()
  private isTelling = false

  constructor(operations: Operations) {
    this.operations = operations
  }

  add(turn: Turn, steps: readonly StepRecord[], reason: string): void {
    if (this.reports.size >= mostAtOnce) return
    this.reports.set(turn.id, { turn, steps, reason, since: performance.now() })
    if (!this.isTelling) void this.tellAll()
  }

  private async tellAll(): Promise<void> {
    this.isTelling = true
    while (this.reports.size > 0) {
      await pause(betweenTriesMs, undefined, { ref: false })
      for (const [id, report] of this.reports) {
        if (!(await this.isOver(report))) break
        this.reports.delete(id)
      }
    }
    this.isTelling = false
  }

  private async isOver({ turn, steps, reason, since }: Report): Promise<boolean> {
    if (performance.now() - since > longestMs) return true
    try {
      await this.operations.abandon(turn, steps, reason)
      return true
    } catch (error) {
      return error instanceof TurnOver
    }
  }
}
