import type { FileHandle } from 'node:fs/promises'
import { CannotRun } from '../../cannot-run.ts'
import { fileProblem } from '../../input/file-problem.ts'
import type { FileFormat } from '../../output/file-format.ts'

/** Users as kitter's API takes them, or documents of another platform. */
export type FileContent = 'rows' | 'documents'

interface Described {
  readonly name: string
  readonly format: FileFormat
  /** Whether its name says that it's packed. */
  readonly isPacked: boolean
  readonly holds: FileContent
}

const gzip = Buffer.from([0x1f, 0x8b])
const chunkLength = 64 * 1024

/** The file of an import, as often as it has to be read. */
export class ImportFile {
  /** For messages. */
  readonly name: string
  readonly format: FileFormat
  /** With gzip. */
  readonly isPacked: boolean
  readonly holds: FileContent
  /** In bytes, as it is. */
  readonly size: number
  private readonly handle: FileHandle

  private constructor(handle: FileHandle, size: number, { name, format, isPacked, holds }: Described) {
    this.name = name
    this.format = format
    this.isPacked = isPacked
    this.holds = holds
    this.size = size
    this.handle = handle
  }

  static async of(handle: FileHandle, described: Described): Promise<ImportFile> {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(gzip.length), 0, gzip.length, 0)
    const isPacked = described.isPacked || (bytesRead === gzip.length && buffer.equals(gzip))
    return new ImportFile(handle, size, { ...described, isPacked })
  }

  /** As it was when it was opened: what is added later isn't read. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let read = 0; read < this.size;) {
      const chunk = await this.readAt(read)
      if (chunk.length === 0) throw new CannotRun(`${this.name} became shorter while it was read.`)
      read += chunk.length
      yield chunk
    }
  }

  async close(): Promise<void> {
    await this.handle.close()
  }

  /** By itself: a stream that is broken off closes its file, which is to be read again. */
  private async readAt(position: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(chunkLength, this.size - position))
    try {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, position)
      return buffer.subarray(0, bytesRead)
    } catch (error) {
      throw new CannotRun(`${this.name} can't be read: ${fileProblem(error)}.`, { cause: error })
    }
  }
}
