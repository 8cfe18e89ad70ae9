import type { RowOutcome } from './row-outcome.ts'

const mostReasons = 100

/** Counts what became of the rows. */
export class ImportTotals {
  private readonly counts = { created: 0, 'already there': 0, refused: 0, unanswered: 0, 'left out': 0 }
  private readonly reasonCounts = new Map<string, number>()

  count(outcome: RowOutcome): void {
    this.counts[outcome.kind]++
    if (outcome.kind === 'refused') this.countReason(outcome.reason)
  }

  get created(): number {
    return this.counts.created
  }

  get alreadyThere(): number {
    return this.counts['already there']
  }

  get refused(): number {
    return this.counts.refused
  }

  get unanswered(): number {
    return this.counts.unanswered
  }

  /** Rows whose outcome is known. */
  get read(): number {
    return this.created + this.alreadyThere + this.refused
  }

  /** The reasons of refused rows, the most frequent first. */
  reasons(): readonly (readonly [reason: string, rows: number])[] {
    return [...this.reasonCounts].sort(([, a], [, b]) => b - a)
  }

  /** Not each of very many: a reason may quote the row. */
  private countReason(reason: string): void {
    const counted = this.reasonCounts.get(reason)
    if (counted !== undefined || this.reasonCounts.size < mostReasons) this.reasonCounts.set(reason, (counted ?? 0) + 1)
  }
}
