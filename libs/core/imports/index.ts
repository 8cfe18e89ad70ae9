export { type DocumentReader, ForeignDocuments } from './application/foreign-documents.ts'
export { ImportFiles, type NewImport, type ReceivedFile } from './application/import-files.ts'
export { ImportLimits, type WaitingBytes } from './application/import-limits.ts'
export { ImportPace, type ImportTimes } from './application/import-pace.ts'
export { type Shift, ShiftOver } from './application/import-shift.ts'
export {
  ImportShifts,
  type Progress,
  type TakenImport,
  type TakenName,
  type UnsettledRow,
  type WrittenRow,
} from './application/import-shifts.ts'
export { Importer } from './application/importer.ts'
export { Imports } from './application/imports.ts'
export { type Beginning, type FileRow, RowFiles } from './application/row-files.ts'
export type { DescribedUser, ReadRow } from './application/user-rows.ts'
export { type FileFormat } from './domain/file-format.ts'
export {
  type Counts,
  type Import,
  type ImportedRow,
  type ImportState,
  nothingCounted,
  type Place,
  type RowOutcome,
} from './domain/import.ts'
export { fileInvalid } from './domain/import-errors.ts'
export type { Policy } from './domain/policy.ts'
export { ImportsModule } from './imports.module.ts'
