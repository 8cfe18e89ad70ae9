import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, parse } from 'node:path'
import { CannotRun } from '../../cannot-run.ts'
import { fileProblem } from '../../input/file-problem.ts'
import { spool } from '../../input/spool.ts'
import { type FileFormat, formatOf, isNamedAsPacked } from '../../output/file-format.ts'
import { printable } from '../../output/printable.ts'
import { type FileContent, ImportFile } from './import-file.ts'
import { onLines } from './on-lines.ts'

const standardInput = '-'

interface Described {
  /** Otherwise its name says it. */
  readonly format: FileFormat | undefined
  readonly holds: FileContent
}

/** Where the users come from, be it a file, a pipe or the standard input. */
export class Source {
  /** For messages. */
  readonly name: string
  readonly format: FileFormat
  /** Where its refused rows go: in the current folder. */
  readonly refusedPath: string
  /** Where it can be found again; a pipe can't. */
  readonly path: string | undefined
  readonly holds: FileContent
  private readonly handle: FileHandle | undefined
  private readonly isPlain: boolean

  private constructor(
    file: string,
    handle: FileHandle | undefined,
    isPlain: boolean,
    { format = formatOf(file), holds }: Described,
  ) {
    const base = basename(file)
    const name = handle === undefined ? 'stdin' : parse(isNamedAsPacked(base) ? parse(base).name : base).name
    this.name = handle === undefined ? 'standard input' : printable(file)
    this.format = format
    this.refusedPath = `${name}.refused.${format}`
    this.path = isPlain ? file : undefined
    this.holds = holds
    this.handle = handle
    this.isPlain = isPlain
  }

  static async open(file: string, described: Described): Promise<Source> {
    if (file === standardInput) return new Source(file, undefined, false, described)
    try {
      const stats = await stat(file)
      if (stats.isDirectory()) throw new CannotRun(`${printable(file)} can't be read: it is a folder.`)
      return new Source(file, await open(file), stats.isFile(), described)
    } catch (error) {
      throw unreadable(printable(file), error)
    }
  }

  /** All of it, to be read as often as needed. What comes once is read to its end first. */
  async load(onRead: (bytes: number) => void, signal: AbortSignal): Promise<ImportFile> {
    const { name, format, handle, isPlain, holds } = this
    const isPacked = this.path !== undefined && isNamedAsPacked(this.path)
    try {
      const file = handle !== undefined && isPlain ? handle : await this.spool(onRead, signal)
      const loaded = await ImportFile.of(file, { name, format, isPacked, holds })
      return holds === 'documents' ? await onLines(loaded, onRead, signal) : loaded
    } catch (error) {
      throw unreadable(name, error)
    }
  }

  async close(): Promise<void> {
    await this.handle?.close().catch(() => undefined)
  }

  private async spool(onRead: (bytes: number) => void, signal: AbortSignal): Promise<FileHandle> {
    const stream = this.handle?.createReadStream() ?? process.stdin
    const end = (): void => void stream.destroy(new Error('interrupted'))
    signal.addEventListener('abort', end)
    return spool(stream, onRead).finally(() => signal.removeEventListener('abort', end))
  }
}

function unreadable(name: string, error: unknown): CannotRun {
  if (error instanceof CannotRun) return error
  return new CannotRun(`${name} can't be read: ${fileProblem(error)}.`, { cause: error })
}
