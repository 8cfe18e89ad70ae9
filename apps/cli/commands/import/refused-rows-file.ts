import { LineTooLong, NotGzip, unpack } from '#infrastructure/row-files/reading'
import { CannotRun } from '../../cannot-run.ts'
import type { PrivateFile } from '../../output/private-file.ts'
import { csvRows } from './csv-rows.ts'
import { documentRows } from './document-rows.ts'
import type { ImportFile } from './import-file.ts'
import type { RefusedRow } from './import-shape.ts'

export interface RefusedRows {
  /** In the order of the file. */
  readonly rows: AsyncIterator<RefusedRow>
  readonly file: ImportFile
  /** How many bytes the service got, unpacked. */
  readonly size: number
  /** What the file calls columns that kitter knows by other names. */
  readonly columnNames: ReadonlyMap<string, string>
  readonly target: PrivateFile
  /** Ends the reading. */
  readonly signal: AbortSignal
}

/**
 * Writes refused rows as they are in the file, each with the reason and its line beside it, so that they can be mended and imported.
 * The service knows no more of a row than its line and its username: it might hold a password.
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

/** Whether the file is the one that was imported, as far as can be told: another one's rows are other people's. */
async function writeRows({ rows, file, size, columnNames, target, signal }: RefusedRows): Promise<boolean> {
  let read = 0
  async function* content(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.isPacked ? unpack(file.chunks()) : file.chunks()) {
      signal.throwIfAborted()
      read += chunk.length
      yield chunk
    }
  }
  let wanted = await next(rows)
  const all =
    file.format === 'csv' ? csvRows(content(), { name: file.name, columnNames, target }) : documentRows(content(), file)
  for await (const { line, isOf, lineFor } of all) {
    if (wanted?.line !== line) continue
    if (!isOf(wanted.username)) return false
    await target.write(lineFor(wanted.sentence ?? wanted.code ?? ''))
    wanted = await next(rows)
  }
  return wanted === undefined && read === size
}

async function next(rows: AsyncIterator<RefusedRow>): Promise<RefusedRow | undefined> {
  const result = await rows.next()
  return result.done === true ? undefined : result.value
}
