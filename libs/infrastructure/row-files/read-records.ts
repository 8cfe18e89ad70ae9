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

const quote = 0x22
const notClosed = 'A quote is opened and not closed.'

/**
 * The records of a CSV file. A record with a broken quote is one line; reading goes on with the next, so that no other
 * row is swallowed. Blank lines are no records. Of each cell of a record is given whether line breaks may stand in it; without,
 * the first record, the header, says how many there are, and all may.
 */
export async function* readRecords(
  lines: AsyncIterable<FileLine>,
  mayBreak?: readonly boolean[],
): AsyncGenerator<CsvRecord> {
  const source = new LineSource(lines)
  let shape = mayBreak
  for (let line = await source.take(); line !== undefined; line = await source.take()) {
    if (isBlank(line)) continue
    const record = await readRecord(line, source, shape)
    shape ??= record.cells.map(() => true)
    yield record
  }
}

async function readRecord(
  first: FileLine,
  source: LineSource,
  shape: readonly boolean[] | undefined,
): Promise<CsvRecord> {
  const reading = readCells(first.bytes)
  if (reading.kind === 'cells') return { ...placeOf(first), cells: reading.cells }
  if (reading.kind === 'broken') return broken(first, reading.problem)
  const taken = await takenToClosingQuote(first, source)
  const whole = taken.isClosed ? readCells(Buffer.concat(taken.lines.map(({ bytes }) => bytes))) : reading
  const isWhole = whole.kind === 'cells' && (shape === undefined || isRow(whole.cells, taken.lines, shape))
  if (isWhole) return { ...placeOf(first, taken.lines.at(-1)), cells: whole.cells }
  source.takeBack(taken.lines.slice(1))
  return broken(first)
}

/** Up to the line where the quote that is open in the first one may be closed: quotes come in pairs until then. */
async function takenToClosingQuote(
  first: FileLine,
  source: LineSource,
): Promise<{ readonly lines: readonly FileLine[]; readonly isClosed: boolean }> {
  const lines = [first]
  for (let length = first.bytes.length; lines.length < mostLines && length < longestLine;) {
    const next = await source.take()
    if (next === undefined) break
    lines.push(next)
    length += next.bytes.length
    if (hasOddQuotes(next)) return { lines, isClosed: true }
  }
  return { lines, isClosed: false }
}

function hasOddQuotes({ bytes }: FileLine): boolean {
  let isOdd = false
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) isOdd = !isOdd
  return isOdd
}

/**
 * A quote that was never closed ends at whatever quote comes next, and has swallowed the rows between: what has other cells than
 * a row, or another row in it, is none.
 */
function isRow(cells: readonly string[], lines: readonly FileLine[], shape: readonly boolean[]): boolean {
  if (cells.length !== shape.length) return false
  const breaksRightly = cells.every((cell, index) => shape[index] === true || !/[\r\n]/.test(cell))
  return breaksRightly && !lines.slice(1).some((line) => looksLikeRow(line, shape.length))
}

/** Whether it could be a row by itself, but for a quote behind its first cell. */
function looksLikeRow({ bytes }: FileLine, size: number): boolean {
  const [first = '', ...others] = guessCells(bytes)
  return size > 2 && others.length + 1 === size && first.trim() !== '' && !first.includes('"')
}

function broken(line: FileLine, problem = notClosed): CsvRecord {
  return { ...placeOf(line), cells: guessCells(line.bytes), problem }
}

function placeOf(first: FileLine, last = first): Omit<CsvRecord, 'cells' | 'problem'> {
  return { line: first.number, nextLine: last.number + 1, start: first.start, end: last.end }
}

function isBlank({ bytes }: FileLine): boolean {
  return /^\s*$/.test(bytes.toString('ascii'))
}
