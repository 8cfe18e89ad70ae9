import type { Counts, Import, ImportedRow, Place } from '../domain/import.ts'
import type { Shift } from './import-shift.ts'

export interface TakenImport extends Shift {
  readonly import: Import
  /** How often it has been taken over since it last went on. */
  readonly tries: number
}

/** What a row of a dry run would take: the name in question, and what it stands for. */
export interface TakenName {
  readonly name: string
  readonly by: string
}

export interface WrittenRow extends ImportedRow {
  /** Where it begins in the file: it may have to be read again. */
  readonly start: number
  /** Of a dry run. */
  readonly takes: readonly TakenName[]
}

/** How far an import has come, with what came of the rows meanwhile. */
export interface Progress {
  readonly rows: readonly WrittenRow[]
  readonly place: Place
  readonly counts: Counts
  readonly workedSeconds: number
}

/** A row that is to be looked at again. */
export type UnsettledRow = Pick<WrittenRow, 'row' | 'line' | 'start'>

/**
 * The work on imports, with leases by the storage's own clock; each word renews one. Words of a shift that is over are refused
 * with `ShiftOver`.
 */
export abstract class ImportShifts {
  /** Takes over the one that nobody works on and that has waited for the longest time. */
  abstract takeOver(): Promise<TakenImport | undefined>

  abstract renew(shift: Shift): Promise<void>

  /**
   * Writes down what came of rows, and lets go of the file as far as nobody reads it again. Whether the import goes on: what
   * was done is told of one that was cancelled, too.
   */
  abstract note(shift: Shift, progress: Progress): Promise<boolean>

  /** Some of those behind a row. */
  abstract unsettled(id: string, row: number): Promise<readonly UnsettledRow[]>

  /** What the rows of a dry run take of these names. */
  abstract takenNames(id: string, names: readonly string[]): Promise<ReadonlyMap<string, string>>

  /** Whether an import waits that nobody works on. */
  abstract hasWaiting(): Promise<boolean>

  /** It can't go on now, and is taken over after some seconds. */
  abstract postpone(shift: Shift, reason: string | undefined, seconds: number): Promise<void>

  abstract end(shift: Shift, state: 'done' | 'paused', reason?: string): Promise<void>
}
