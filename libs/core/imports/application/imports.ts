import type { Page } from '#kernel'
import type { Import, ImportedRow, RowOutcome } from '../domain/import.ts'

/** Imports and what came of their rows, for those who look at them. What is still being received isn't among them. */
export abstract class Imports {
  /** Newest first; of one actor's own, by id. */
  abstract list(
    startedBy: string | undefined,
    page: Page,
  ): Promise<{ readonly imports: readonly Import[]; readonly total: number }>

  abstract find(id: string): Promise<Import | undefined>

  /** Whether it was running or paused; one that has ended stays as it is. */
  abstract cancel(id: string): Promise<boolean>

  /** Whether it was paused. */
  abstract resume(id: string): Promise<boolean>

  /** In the order of the file. */
  abstract listRows(
    id: string,
    outcome: RowOutcome | undefined,
    page: Page,
  ): Promise<{ readonly rows: readonly ImportedRow[]; readonly total: number }>

  /** Some of those behind a row. */
  abstract rowsAfter(id: string, outcome: RowOutcome | undefined, row: number): Promise<readonly ImportedRow[]>

  /** Cancels those that were paused longer ago. */
  abstract cancelForgotten(pausedSecondsAgo: number): Promise<void>

  /** Lets go of what is left of the files of those that have ended. */
  abstract forgetFilesOfEnded(): Promise<void>

  /** Removes some of those that ended longer ago, with their rows. How many. */
  abstract forgetSome(endedSecondsAgo: number): Promise<number>
}
