import { Injectable } from '@nestjs/common'
import { stringify } from 'csv-stringify/sync'
import { type Beginning, type FileFormat, fileInvalid, type FileRow, RowFiles } from '#core/imports'
import { readDocuments } from './read-documents.ts'
import { readRecords } from './read-records.ts'
import { longestLine, splitLines, top } from './split-lines.ts'
import { NotGzip, unpack } from './unpack.ts'

/** CSV as RFC 4180 has it, and NDJSON. */
@Injectable()
export class CsvRowFiles extends RowFiles {
  override readonly longestLine = longestLine

  override async *unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* unpack(chunks)
    } catch (error) {
      if (!(error instanceof NotGzip)) throw error
      throw fileInvalid('is not packed with gzip, or is cut')
    }
  }

  override async *rows(
    format: FileFormat,
    chunks: AsyncIterable<Uint8Array>,
    { offset, line }: Beginning = top,
    mayBreak?: readonly boolean[],
  ): AsyncGenerator<FileRow> {
    const lines = splitLines(chunks, { offset, line })
    if (format === 'ndjson') {
      for await (const { value, ...row } of readDocuments(lines)) yield { ...row, content: { value } }
      return
    }
    for await (const { cells, ...row } of readRecords(lines, mayBreak)) yield { ...row, content: { cells } }
  }

  override csvLine(cells: readonly string[]): string {
    return stringify([[...cells]], { quoted_match: /[\r\n]/, escape_formulas: true })
  }
}
