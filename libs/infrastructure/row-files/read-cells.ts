import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'

/** The cells of a record, or what is wrong with it. */
export type Cells =
  | { readonly kind: 'cells'; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly problem: string }
  /** A quote is open at the end: the record may go on in the next line. */
  | { readonly kind: 'open' }

const options = { relax_column_count: true, record_delimiter: ['\r\n', '\n'] }

const problems: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE:
    'A quote that closes a cell must stand at its end; a quote inside a quoted cell is written twice.',
  INVALID_OPENING_QUOTE:
    'A quote stands inside a cell without quotes: quote the whole cell and write the quote inside twice.',
}

export function readCells(bytes: Uint8Array): Cells {
  const text = decode(bytes)
  if (text === undefined) return { kind: 'broken', problem: 'The row holds bytes that are not UTF-8.' }
  try {
    return { kind: 'cells', cells: parse(text, options)[0] ?? [] }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return { kind: 'open' }
    return { kind: 'broken', problem: problems[error.code] ?? 'The row is not CSV.' }
  }
}

/** Whatever is between commas, for showing a broken record. */
export function guessCells(bytes: Uint8Array): readonly string[] {
  return parse(Buffer.from(bytes), { ...options, quote: false })[0] ?? []
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
