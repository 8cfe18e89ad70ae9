import type { FileLine } from './file-line.ts'
import { LineSource } from './line-source.ts'
import { guessCells, readCells } from './read-cells.ts'
import { longestLine } from './split-lines.ts'

/** A row of a CSV file. */
export interface CsvRecord {
  /** Its first line, and the one behind it. */
  readonly line: number
  readonly nextLine: number
  /** How many bytes of the file lie before it, and how many have been read when it has. */
  readonly start: number
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
export async function* readRecords(lines: AsyncIterable<FileLine>): AsyncGenerator<CsvRecord> {
  const source = new LineSource(lines)
  for (let line = await source.take(); line !== undefined; line = await source.take()) {
    if (!isBlank(line)) yield await readRecord(line, source)
  }
}

async function readRecord(first: FileLine, source: LineSource): Promise<CsvRecord> {
  const taken = [first]
  for (;;) {
    const bytes = taken.length === 1 ? first.bytes : Buffer.concat(taken.map((line) => line.bytes))
    const reading = readCells(bytes)
    if (reading.kind === 'cells') return { ...placeOf(first, taken.at(-1)), cells: reading.cells }
    const mayGoOn = reading.kind === 'open' && taken.length < mostLines && bytes.length < longestLine
    const next = mayGoOn ? await source.take() : undefined
    if (next === undefined) {
      source.takeBack(taken.slice(1))
      return broken(first, taken.length === 1 && reading.kind === 'broken' ? reading.problem : undefined)
    }
    taken.push(next)
  }
}

function broken(line: FileLine, problem = 'A quote is opened and not closed.'): CsvRecord {
  return { ...placeOf(line), cells: guessCells(line.bytes), problem }
}

function placeOf(first: FileLine, last = first): Omit<CsvRecord, 'cells' | 'problem'> {
  return { line: first.number, nextLine: last.number + 1, start: first.start, end: last.end }
}

function isBlank({ bytes }: FileLine): boolean {
  return /^\s*$/.test(bytes.toString('ascii'))
}
