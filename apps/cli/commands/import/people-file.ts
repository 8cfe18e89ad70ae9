import { CannotRun } from '../../cannot-run.ts'
import { type CsvRecord, readRecords } from '../../csv/read-records.ts'
import { splitLines } from '../../csv/split-lines.ts'
import { counted } from '../../output/counted.ts'
import type { PeopleColumn } from './people-columns.ts'
import { knownColumns, type PeopleHeader, peopleHeader } from './people-header.ts'

export interface PersonRow {
  /** Where the row begins in the file. */
  readonly line: number
  /** How many bytes of the file have been read when this row has. */
  readonly end: number
  /** As they are in the file, in the order of the file's columns. */
  readonly cells: readonly string[]
  /** The cells that say something, without the space around them. */
  readonly values: ReadonlyMap<PeopleColumn, string>
  /** Why the row can't be read. */
  readonly problem?: string
}

export interface PeopleFile {
  /** In the order of the file. */
  readonly columns: readonly PeopleColumn[]
  /** Read while they're asked for. */
  readonly rows: AsyncIterable<PersonRow>
}

/** Reads the names of the columns; the rows come as they're asked for. `file` is the name of what is read. */
export async function readPeople(file: string, chunks: AsyncIterable<Uint8Array>): Promise<PeopleFile> {
  const records = readRecords(splitLines(file, chunks))
  const first = await records.next()
  if (first.done === true)
    throw new CannotRun(`${file} is empty: its first line must name the columns; ${knownColumns}.`)
  const header = peopleHeader(file, first.value)
  return { columns: header.filter((column) => column !== undefined), rows: rowsOf(records, header) }
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, header: PeopleHeader): AsyncGenerator<PersonRow> {
  for await (const record of records) yield rowOf(record, header)
}

function rowOf(record: CsvRecord, header: PeopleHeader): PersonRow {
  const { line, end, cells } = record
  const problem = record.problem ?? sizeProblem(cells, header)
  const kept = header.flatMap((column, index) => (column === undefined ? [] : [[column, cells[index] ?? ''] as const]))
  const values = kept.map(([column, cell]) => [column, column === 'password' ? cell : cell.trim()] as const)
  return {
    line,
    end,
    cells: kept.map(([, cell]) => cell),
    values: new Map(values.filter(([, value]) => value !== '')),
    ...(problem !== undefined && { problem }),
  }
}

function sizeProblem(cells: readonly string[], header: PeopleHeader): string | undefined {
  if (cells.length === header.length) return undefined
  return `The row has ${counted(cells.length, 'cell')} where line 1 has ${header.length}.`
}
