import type { Counts, Import, Place, RowOutcome } from '../domain/import.ts'
import type { ImportPace } from './import-pace.ts'
import { type Shift, ShiftOver } from './import-shift.ts'
import type { ImportShifts, TakenImport, WrittenRow } from './import-shifts.ts'

/** The work of one replica on an import: renews its lease by itself, and notices when it's over. */
export class WorkingShift implements Shift, AsyncDisposable {
  readonly id: string
  readonly turn: number
  readonly import: Import
  readonly tries: number
  private counted: Counts
  private at: Place
  private over: ShiftOver | undefined
  private readonly began = performance.now()
  private readonly renewing: NodeJS.Timeout
  private renewal: Promise<void> = Promise.resolve()

  constructor(
    private readonly shifts: ImportShifts,
    taken: TakenImport,
    private readonly stopping: AbortSignal,
    private readonly pace: ImportPace,
  ) {
    this.id = taken.id
    this.turn = taken.turn
    this.tries = taken.tries
    this.import = taken.import
    this.counted = taken.import.counts
    this.at = taken.import.place
    this.renewing = setInterval(() => void (this.renewal = this.renew()), pace.renewSeconds * 1000)
  }

  get place(): Place {
    return this.at
  }

  get counts(): Counts {
    return this.counted
  }

  get isStopping(): boolean {
    return this.stopping.aborted
  }

  /** Nothing new should be begun. */
  get isOver(): boolean {
    return this.over !== undefined || this.isStopping
  }

  /** Others that wait have their turn, too. */
  async mustYield(): Promise<boolean> {
    const worked = (performance.now() - this.began) / 1000
    return worked > this.pace.sliceSeconds && (await this.shifts.hasWaiting())
  }

  countDomain(): void {
    this.counted = { ...this.counted, domains: this.counted.domains + 1 }
  }

  /** Writes down what came of rows, and the place behind them. `before` is what was said of each of them until then. */
  async note(rows: readonly WrittenRow[], place = this.at, before?: RowOutcome): Promise<void> {
    const counts = countedWith(this.counted, rows, before)
    const workedSeconds = this.import.workedSeconds + (performance.now() - this.began) / 1000
    try {
      const goesOn = await this.shifts.note(this, { rows, place, counts, workedSeconds })
      if (!goesOn) this.over = new ShiftOver(this.id)
    } catch (error) {
      if (error instanceof ShiftOver) this.over = error
      throw error
    }
    this.counted = { ...counts, domains: this.counted.domains }
    this.at = place
  }

  /** Throws when it's over, or the replica stops. */
  requireOn(): void {
    this.stopping.throwIfAborted()
    if (this.over !== undefined) throw this.over
  }

  takenNames(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.shifts.takenNames(this.id, names)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.renewing)
    await this.renewal
  }

  private async renew(): Promise<void> {
    try {
      await this.shifts.renew(this)
    } catch (error) {
      // anything else shows itself where the work is
      if (error instanceof ShiftOver) this.over = error
    }
  }
}

function countedWith(counts: Counts, rows: readonly WrittenRow[], before: RowOutcome | undefined): Counts {
  const after = { ...counts }
  for (const { outcome } of rows) {
    after[outcome] += 1
    if (before !== undefined) after[before] -= 1
  }
  return after
}
