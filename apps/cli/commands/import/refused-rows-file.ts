import { isUtf8 } from 'node:buffer'
import { isPlainObject, jsonIn } from '#kernel'
import { LineTooLong, NotGzip, readRecords, splitLines, unpack } from '#infrastructure/row-files/reading'
import { CannotRun } from '../../cannot-run.ts'
import { csvLine } from '../../output/csv-line.ts'
import type { PrivateFile } from '../../output/private-file.ts'
import type { ImportFile } from './import-file.ts'
import type { RefusedRow } from './import-shape.ts'

export interface RefusedRows {
  /** In the order of the file. */
  readonly rows: AsyncIterable<RefusedRow>
  readonly file: ImportFile
  /** How many bytes the service got, unpacked. */
  readonly size: number
  /** What the file calls columns that kitter knows by other names. */
  readonly columnNames: ReadonlyMap<string, string>
  readonly target: PrivateFile
}

/** A row of the file that is sought by its line: what is written of it is its own, but the reason. */
interface FileRow {
  readonly line: number
  readonly lineFor: (reason: string) => string | Uint8Array
}

/** What was added to the rows of such a file, and is left out when it's mended and imported. */
const addedColumns = ['reason', 'line'] as const

/**
 * Writes refused rows as they are in the file, each with the reason and its line beside it, so that they can be mended and imported.
 * The service knows no more of a row than its line: it might hold a password.
 */
export async function writeRefusedRows(refused: RefusedRows): Promise<void> {
  const { name } = refused.file
  try {
    if (await writeRows(refused)) return
  } catch (error) {
    if (!(error instanceof LineTooLong || error instanceof NotGzip)) throw error
  }
  throw new CannotRun(
    `${name} is not the file that was imported, or was changed since: its refused rows can't be written.`,
  )
}

/** Whether the file is the one that was imported, as far as can be told. */
async function writeRows({ rows, file, size, columnNames, target }: RefusedRows): Promise<boolean> {
  let read = 0
  async function* content(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.isPacked ? unpack(file.chunks()) : file.chunks()) {
      read += chunk.length
      yield chunk
    }
  }
  const refused = rows[Symbol.asyncIterator]()
  let wanted = await next(refused)
  const all = file.format === 'csv' ? csvRows(content(), columnNames, target) : documents(content())
  for await (const { line, lineFor } of all) {
    if (wanted?.line !== line) continue
    await target.write(lineFor(wanted.sentence ?? wanted.code ?? ''))
    wanted = await next(refused)
  }
  return wanted === undefined && read === size
}

async function next(rows: AsyncIterator<RefusedRow>): Promise<RefusedRow | undefined> {
  const result = await rows.next()
  return result.done === true ? undefined : result.value
}

async function* csvRows(
  content: AsyncIterable<Uint8Array>,
  columnNames: ReadonlyMap<string, string>,
  target: PrivateFile,
): AsyncGenerator<FileRow> {
  const records = readRecords(splitLines(content))
  const first = await records.next()
  if (first.done === true) return
  const header = first.value.cells.map((name) => name.trim())
  const meant = new Set(columnNames.values())
  const kept = header.map((name) => meant.has(name) || !addedColumns.some((added) => added === name))
  await target.write(csvLine([...header.filter((_, index) => kept[index]), ...addedColumns]))
  for await (const { line, cells } of records) {
    const own = header.map((_, index) => cells[index] ?? '').filter((_, index) => kept[index])
    yield { line, lineFor: (reason) => csvLine([...own, reason, String(line)]) }
  }
}

async function* documents(content: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow> {
  for await (const { number: line, bytes } of splitLines(content))
    yield { line, lineFor: (reason) => documentLine(bytes, line, reason) }
}

/** What is no document stays as it is. */
function documentLine(bytes: Buffer, line: number, reason: string): string | Uint8Array {
  const document = isUtf8(bytes) ? jsonIn(bytes.toString()) : undefined
  if (isPlainObject(document)) return `${JSON.stringify({ ...document, reason, line })}\n`
  return bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')])
}
