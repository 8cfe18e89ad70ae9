import { type FileHandle, open } from 'node:fs/promises'

const largest = 1024 * 1024
const longestExcerpt = 64 * 1024

/** The file that Postgres writes its log to; a large one is begun anew. */
export class PostgresLog {
  readonly path: string
  private readonly handle: FileHandle

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.handle = handle
  }

  static async open(path: string): Promise<PostgresLog> {
    const log = new PostgresLog(path, await open(path, 'a+', 0o600))
    if ((await log.size()) > largest) await log.handle.truncate(0)
    return log
  }

  get fd(): number {
    return this.handle.fd
  }

  async size(): Promise<number> {
    return (await this.handle.stat()).size
  }

  /** The end of what has been written since the log was `start` long. */
  async textFrom(start: number): Promise<string> {
    const position = Math.max(start, (await this.size()) - longestExcerpt)
    const { buffer, bytesRead } = await this.handle.read({ buffer: Buffer.alloc(longestExcerpt), position })
    return buffer.toString('utf8', 0, bytesRead)
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
