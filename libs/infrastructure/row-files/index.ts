export { RowFilesModule } from './row-files.module.ts'
