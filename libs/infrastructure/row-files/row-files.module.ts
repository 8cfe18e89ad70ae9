import { Global, Module } from '@nestjs/common'
import { RowFiles } from '#core/imports'
import { CsvRowFiles } from './csv-row-files.ts'

/** Files of rows, for whoever reads or writes them. */
@Global()
@Module({ providers: [{ provide: RowFiles, useClass: CsvRowFiles }], exports: [RowFiles] })
export class RowFilesModule {}
