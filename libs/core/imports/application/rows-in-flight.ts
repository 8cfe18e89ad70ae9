import type { Place } from '../domain/import.ts'
import { ShiftOver } from './import-shift.ts'
import type { FileRow } from './row-files.ts'
import type { WrittenRow } from './import-shifts.ts'

/** Two groups that are on their way to Keycloak, and one that gathers meanwhile. */
const atOnce = 96
/** Rows that are done may wait for an earlier one that isn't. */
export const mostAhead = 256
const mostBytesAhead = 8 * 1024 * 1024
const writtenAtOnce = 100
const longestUnwrittenMs = 500

export interface RowWork {
  /** The rows behind this place, which is that of the file's first byte that is read. */
  readonly from: Place
  readonly rows: AsyncIterable<FileRow>
  /** What comes of a row. Throws `ShiftOver` of one that began nothing, as none is to be begun any more. */
  readonly process: (row: FileRow, number: number) => Promise<WrittenRow>
  /** Writes down what came of rows, and that all before this place are done. */
  readonly write: (rows: readonly WrittenRow[], place: Place) => Promise<void>
  /** Asked now and then: whether no row is to be begun any more. */
  readonly isOver: () => boolean
}

interface Flying {
  readonly file: FileRow
  written?: WrittenRow
  beganNothing?: boolean
}

/**
 * Has rows processed, some at once, and writes down what came of them in the order of the file, some at a time: what is
 * written is always true of all rows before its place.
 */
export class RowsInFlight {
  /** In the order of the file: whatever isn't written yet. */
  private readonly flying: Flying[] = []
  private readonly waiting: AsyncIterator<FileRow>
  private number: number
  private underWay = 0
  private bytes = 0
  private hasEnded = false
  private cannotWrite = false
  private failure: { readonly error: unknown } | undefined
  private writing: Promise<void> | undefined
  private writtenAt = performance.now()
  private stir: () => void = () => undefined

  constructor(private readonly work: RowWork) {
    this.waiting = work.rows[Symbol.asyncIterator]()
    this.number = work.from.row
  }

  /** To the end of the rows, or until it's over. Throws what kept a row from being processed, after all others have ended. */
  async run(): Promise<void> {
    try {
      while (await this.goOn());
    } finally {
      await this.waiting.return?.()
    }
    if (this.failure !== undefined) throw this.failure.error
  }

  private async goOn(): Promise<boolean> {
    await this.begin()
    if (this.isDue()) this.writing ??= this.write().finally(() => this.written())
    if (this.isIdle && this.writing === undefined) return false
    await this.nextStir()
    return true
  }

  private get isIdle(): boolean {
    const isLast = this.hasEnded || this.mayNotBegin
    return isLast && this.underWay === 0 && (this.doneAhead() === 0 || this.cannotWrite)
  }

  private get mayNotBegin(): boolean {
    return this.failure !== undefined || this.work.isOver()
  }

  private hasRoom(): boolean {
    const isFull = this.underWay >= atOnce || this.flying.length >= mostAhead || this.bytes >= mostBytesAhead
    return !isFull && !this.hasEnded && !this.mayNotBegin
  }

  private async begin(): Promise<void> {
    while (this.hasRoom()) {
      const next = await this.waiting.next().catch((error: unknown) => this.fail(error))
      if (next === undefined) return
      if (next.done === true) this.hasEnded = true
      else this.fly(next.value)
    }
  }

  private fly(file: FileRow): void {
    const row: Flying = { file }
    this.flying.push(row)
    this.underWay += 1
    this.bytes += file.end - file.start
    void this.work
      .process(file, ++this.number)
      .then((written) => (row.written = written))
      .catch((error: unknown) => {
        row.beganNothing = error instanceof ShiftOver
        this.fail(error)
      })
      .finally(() => {
        this.underWay -= 1
        this.stir()
      })
  }

  private fail(error: unknown): undefined {
    this.failure ??= { error }
  }

  /** How many can be written. */
  private doneAhead(): number {
    const index = this.flying.findIndex(({ written, beganNothing }) => written === undefined && beganNothing !== true)
    return index === -1 ? this.flying.length : index
  }

  private isDue(): boolean {
    const done = this.doneAhead()
    if (done === 0 || this.cannotWrite) return false
    const isLate = performance.now() - this.writtenAt > longestUnwrittenMs
    return done >= writtenAtOnce || isLate || this.underWay === 0
  }

  /** Nobody goes on where rows were passed over: the import was cancelled, or what is written now is refused. */
  private async write(): Promise<void> {
    const done = this.flying.slice(0, this.doneAhead())
    const told = done.flatMap(({ file, written }) => (written === undefined ? [] : [{ file, written }]))
    const last = told.at(-1)
    try {
      if (last !== undefined) {
        const place = { offset: last.file.end, line: last.file.nextLine, row: last.written.row }
        await this.work.write(
          told.map(({ written }) => written),
          place,
        )
      }
      this.flying.splice(0, done.length)
      this.bytes -= done.reduce((sum, each) => sum + each.file.end - each.file.start, 0)
    } catch (error) {
      this.cannotWrite = true
      this.fail(error)
    }
  }

  private written(): void {
    this.writing = undefined
    this.writtenAt = performance.now()
    this.stir()
  }

  /** Until something has ended, or is due. */
  private nextStir(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestUnwrittenMs)
      this.stir = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
