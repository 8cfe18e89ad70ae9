import { counted } from '../../output/counted.ts'
import type { ProgressState } from '../../output/progress.ts'
import type { ImportTotals } from './import-totals.ts'

/** How far an import is: `done` bytes of a file are, which has `total`, where that is known. */
export function importProgress(totals: ImportTotals, done: number, total: number | undefined): ProgressState {
  const { read, created, alreadyThere, refused } = totals
  const text = `${counted(read, 'row')}: ${created} created, ${alreadyThere} already there, ${refused} refused`
  return { text, done, total }
}
