import { Injectable } from '@nestjs/common'
import { isCut } from '#kernel'
import type { FileFormat } from '../domain/file-format.ts'
import type { Import, Place } from '../domain/import.ts'
import { fileInvalid, fileTooLarge, importsCrowded, uploadCut } from '../domain/import-errors.ts'
import { type ColumnNames, type Columns, readHeader } from '../domain/user-columns.ts'
import { ImportFiles, type NewImport, type ReceivedFile } from './import-files.ts'
import { ImportLimits } from './import-limits.ts'
import { ImportPace } from './import-pace.ts'
import { type Shift, ShiftOver } from './import-shift.ts'
import { LineLengths } from './line-lengths.ts'
import { RowFiles } from './row-files.ts'

export interface Upload {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly isPacked: boolean
  readonly columnNames: ColumnNames
}

const pieceSize = 256 * 1024
const askedEach = 64 * 1024 * 1024

/** Takes files in as they arrive, a piece at a time, and refuses those that can't be imported as a whole. */
@Injectable()
export class Intake {
  constructor(
    private readonly files: ImportFiles,
    private readonly rowFiles: RowFiles,
    private readonly limits: ImportLimits,
    private readonly pace: ImportPace,
  ) {}

  /** Of an upload that is cut or refused nothing is left. */
  async take(given: NewImport, upload: Upload): Promise<Import> {
    await this.requireRoom(given)
    const shift = await this.files.receive(given)
    // what is wrong shows itself with the next piece
    const prolong = (): void => void this.files.prolong(shift).catch(() => undefined)
    const beat = setInterval(prolong, this.pace.renewSeconds * 1000)
    try {
      return await this.files.complete(shift, await this.receive(shift, given, upload))
    } catch (error) {
      // otherwise its lease runs out
      await this.files.discard(shift).catch(() => undefined)
      throw error instanceof ShiftOver || isCut(error) ? uploadCut() : error
    } finally {
      clearInterval(beat)
    }
  }

  private async receive(shift: Shift, given: NewImport, upload: Upload): Promise<ReceivedFile> {
    const lines = new LineLengths(this.rowFiles.longestLine)
    let head: Buffer = Buffer.alloc(0)
    let beginning: Omit<ReceivedFile, 'size'> | undefined
    let size = 0
    for await (const piece of pieces(this.unpacked(upload))) {
      const long = lines.add(piece)
      if (long !== undefined) throw fileInvalid(`has a line of more than 1 MiB: line ${long}`)
      if (beginning === undefined) head = Buffer.concat([head, piece])
      if (head.length > this.rowFiles.longestLine) beginning ??= await this.beginningIn(head, given.format, upload)
      await this.files.append(shift, size, piece)
      const before = size
      size += piece.length
      if (Math.floor(before / askedEach) < Math.floor(size / askedEach)) await this.requireRoom(given)
    }
    beginning ??= await this.beginningIn(head, given.format, upload)
    return { ...beginning, size }
  }

  /** Asked again now and then while a file comes, as others do, too. */
  private async requireRoom({ startedBy: { subject } }: NewImport): Promise<void> {
    const limit = this.limits.crowdedBy(await this.files.waiting(subject))
    if (limit !== undefined) throw importsCrowded(limit)
  }

  /** Counted both as it comes and unpacked. */
  private async *unpacked({ chunks, isPacked }: Upload): AsyncGenerator<Uint8Array> {
    let received = 0
    let unpacked = 0
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        received += chunk.length
        yield chunk
      }
    }
    for await (const chunk of isPacked ? this.rowFiles.unpack(counted()) : counted()) {
      unpacked += chunk.length
      if (this.limits.isTooLarge(received, unpacked)) throw fileTooLarge(this.limits.sentence)
      yield chunk
    }
  }

  /** Where its rows begin, and what they hold. */
  private async beginningIn(
    head: Buffer,
    format: FileFormat,
    { columnNames }: Upload,
  ): Promise<Omit<ReceivedFile, 'size'>> {
    for await (const row of this.rowFiles.rows(format, only(head))) {
      if (format === 'ndjson') return { columns: [], place: { offset: 0, line: 1, row: 0 } }
      if (row.problem !== undefined) throw fileInvalid(`has a first line that can't be read. ${row.problem}`)
      const place: Place = { offset: row.end, line: row.nextLine, row: 0 }
      return { columns: columnsOf('cells' in row.content ? row.content.cells : [], columnNames), place }
    }
    throw fileInvalid(format === 'csv' ? 'is empty: its first line must name the columns' : 'is empty')
  }
}

function columnsOf(cells: readonly string[], names: ColumnNames): Columns {
  const header = readHeader(cells, names)
  if ('problems' in header) throw fileInvalid(...header.problems)
  return header.columns
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

/** The same in pieces that are stored as one row each. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    waiting.push(chunk)
    length += chunk.length
    if (length < pieceSize) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(waiting)
}
