import type { CsvLine } from './csv-line.ts'
import { LineSource } from './line-source.ts'
import { guessCells, readCells } from './read-cells.ts'

/** A row of a CSV file. */
export interface CsvRecord {
  /** Its first line. */
  readonly line: number
  /** How many bytes of the file have been read when this record has. */
  readonly end: number
  readonly cells: readonly string[]
  /** Why the cells can't be trusted. */
  readonly problem?: string
}

/** More lines than any real cell has: beyond them, a quote counts as never closed. */
const mostLines = 100

/**
 * The records of a CSV file. A record with a broken quote is one line; reading goes on with the next, so that no other
 * row is swallowed. Blank lines are no records.
 */
export async function* readRecords(lines: AsyncIterable<CsvLine>): AsyncGenerator<CsvRecord> {
  const source = new LineSource(lines)
  for (let line = await source.take(); line !== undefined; line = await source.take()) {
    if (!isBlank(line)) yield await readRecord(line, source)
  }
}

async function readRecord(first: CsvLine, source: LineSource): Promise<CsvRecord> {
  const taken = [first]
  for (;;) {
    const reading = readCells(Buffer.concat(taken.map(({ bytes }) => bytes)))
    if (reading.kind === 'cells') {
      return { line: first.number, end: taken.at(-1)?.end ?? first.end, cells: reading.cells }
    }
    const next = reading.kind === 'open' && taken.length < mostLines ? await source.take() : undefined
    if (next === undefined) {
      source.takeBack(taken.slice(1))
      return broken(first, taken.length === 1 && reading.kind === 'broken' ? reading.problem : undefined)
    }
    taken.push(next)
  }
}

function broken({ number, end, bytes }: CsvLine, problem = 'A quote is opened and not closed.'): CsvRecord {
  return { line: number, end, cells: guessCells(bytes), problem }
}

function isBlank({ bytes }: CsvLine): boolean {
  return /^\s*$/.test(bytes.toString('ascii'))
}
