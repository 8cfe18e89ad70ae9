import type { FileFormat } from '../domain/file-format.ts'

/** Where reading begins: how many bytes lie before, and the number of the line there. */
export interface Beginning {
  readonly offset: number
  readonly line: number
}

/** A row as a file has it: cells of CSV, or a JSON document. */
export interface FileRow {
  readonly line: number
  readonly nextLine: number
  /** How many bytes of the file lie before it, and how many have been read when it has. */
  readonly start: number
  readonly end: number
  /** Of a row that can't be read, whatever can be said of it. */
  readonly content: { readonly cells: readonly string[] } | { readonly value: unknown }
  /** Why it can't be read. */
  readonly problem?: string | undefined
}

/** Files of rows, some bytes at a time, of which no more is kept than one row needs. */
export abstract class RowFiles {
  /** In bytes; a file with a longer line is refused as a whole. */
  abstract readonly longestLine: number

  /** The content of what was packed with gzip; throws what is wrong with it as `request.invalid`. */
  abstract unpack(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>

  /**
   * Blank lines are no rows. Of CSV, `mayBreak` says of each cell of a row whether line breaks may stand in it: a row that has
   * others, or more or fewer cells, is one line, so that a quote that is never closed swallows no other row.
   */
  abstract rows(
    format: FileFormat,
    chunks: AsyncIterable<Uint8Array>,
    from?: Beginning,
    mayBreak?: readonly boolean[],
  ): AsyncIterable<FileRow>

  /** A line of a CSV file, which no spreadsheet takes for formulas. */
  abstract csvLine(cells: readonly string[]): string
}
