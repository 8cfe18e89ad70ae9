import { Injectable, Logger } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { Import } from '../domain/import.ts'
import { mayBreakIn } from '../domain/user-columns.ts'
import { ImportFiles } from './import-files.ts'
import { ImportPace } from './import-pace.ts'
import { ShiftOver } from './import-shift.ts'
import { ImportShifts } from './import-shifts.ts'
import { ImportWork } from './import-work.ts'
import { RowProcessing } from './row-processing.ts'
import { type Beginning, type FileRow, RowFiles } from './row-files.ts'
import { mostAhead, RowsInFlight } from './rows-in-flight.ts'
import { WorkingShift } from './working-shift.ts'

/** It goes on when others have had their turn, or once what is unsettled may be settled. */
interface Rest {
  readonly seconds: number
  readonly reason?: string
}

/**
 * Works on imports that nobody else works on: how far each is, and what came of its rows, is written down as it goes, so that any
 * replica carries on where another ended.
 */
@Injectable()
export class Importer {
  private readonly log = new Logger(Importer.name)

  constructor(
    private readonly shifts: ImportShifts,
    private readonly files: ImportFiles,
    private readonly rowFiles: RowFiles,
    private readonly rows: RowProcessing,
    private readonly pace: ImportPace,
  ) {}

  /** One after the other, until none waits or the signal says so. */
  async work(signal: AbortSignal): Promise<void> {
    await this.files.discardAbandoned()
    while (!signal.aborted && (await this.workOnOne(signal)));
  }

  private async workOnOne(signal: AbortSignal): Promise<boolean> {
    const taken = await this.shifts.takeOver()
    if (taken === undefined) return false
    await using shift = new WorkingShift(this.shifts, taken, signal, this.pace)
    // an earlier shift began none that lies further ahead
    const work = new ImportWork(shift, shift.place.row + mostAhead)
    try {
      const rest = (await this.pass(work)) ?? (await this.settle(work))
      await (rest === undefined ? this.done(shift) : this.rest(shift, rest))
    } catch (error) {
      await this.interrupted(shift, error)
    }
    return true
  }

  /** Through the file to its end, unless others wait. */
  private async pass(work: ImportWork): Promise<Rest | undefined> {
    const { shift } = work
    const turn = { isOver: false }
    const flight = new RowsInFlight({
      from: shift.place,
      rows: this.rowsFrom(shift.import, shift.place),
      process: (row, number) => this.rows.process(work, row, number),
      write: async (rows, place) => {
        await shift.note(rows, place)
        work.written(rows)
        turn.isOver = await shift.mustYield()
      },
      isOver: () => turn.isOver || shift.isOver,
    })
    await flight.run()
    shift.requireOn()
    return turn.isOver ? { seconds: 0 } : undefined
  }

  /** Looks again at rows whose changes were not answered in time. Whether some are left. */
  private async settle(work: ImportWork): Promise<Rest | undefined> {
    const { shift } = work
    for (let after = 0; ;) {
      const unsettled = await this.shifts.unsettled(shift.id, after)
      const last = unsettled.at(-1)
      if (last === undefined) break
      after = last.row
      for (const { row, line, start } of unsettled) await this.lookAgain(work, row, { line, offset: start })
    }
    if (shift.counts.unsettled === 0) return undefined
    const reason = `${shift.counts.unsettled} of its rows wait for operations that are being settled.`
    return { seconds: this.pace.restSeconds, reason }
  }

  private async lookAgain(work: ImportWork, number: number, from: { line: number; offset: number }): Promise<void> {
    work.shift.requireOn()
    for await (const row of this.rowsFrom(work.import, from)) {
      const written = await this.rows.process(work.again(), row, number)
      if (written.outcome !== 'unsettled') await work.shift.note([written], work.shift.place, 'unsettled')
      return
    }
  }

  private rowsFrom(one: Import, from: Beginning): AsyncIterable<FileRow> {
    return this.rowFiles.rows(one.format, this.files.read(one, from.offset), from, mayBreakIn(one.columns))
  }

  private async done(shift: WorkingShift): Promise<void> {
    await this.shifts.end(shift, 'done')
    // otherwise the job does that looks for what is left of files
    await this.files.forget(shift.id).catch(() => undefined)
    this.log.log({ import: shift.id, ...shift.counts }, 'an import is done')
  }

  private async interrupted(shift: WorkingShift, error: unknown): Promise<void> {
    if (error instanceof ShiftOver) return
    if (shift.isStopping) return this.shifts.postpone(shift, 'its replica was stopped', 0)
    const reason = error instanceof DomainError ? error.message : 'An unexpected error; the log tells it.'
    this.log.warn({ import: shift.id, err: error }, 'an import could not go on')
    await this.rest(shift, { reason, seconds: Math.min(shift.tries, this.pace.restSeconds) })
  }

  /** Whoever has rested for too long without getting on waits for somebody to resume it. */
  private rest(shift: WorkingShift, { reason, seconds }: Rest): Promise<void> {
    const isLast = reason !== undefined && shift.tries >= this.pace.mostTries
    return isLast ? this.shifts.end(shift, 'paused', reason) : this.shifts.postpone(shift, reason, seconds)
  }
}
