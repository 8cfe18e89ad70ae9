import type { ImportedRow } from '../domain/import.ts'
import type { WrittenRow } from './import-shifts.ts'

/** What came of a row's user. */
export type UserOutcome = Pick<ImportedRow, 'outcome' | 'code' | 'sentence'> & Partial<Pick<WrittenRow, 'takes'>>
