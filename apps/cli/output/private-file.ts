import { randomUUID } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CannotRun } from '../cannot-run.ts'
import { fileProblem } from '../input/file-problem.ts'
import { printable } from './printable.ts'

const ownerOnly = 0o600

/**
 * A file that nobody else may read, and that is there when all of it is: until then its content is in one beside it. What was
 * there before is replaced, not written into: others might read it.
 */
export class PrivateFile {
  /** For messages. */
  readonly name: string
  private readonly path: string
  private readonly temporaryPath: string
  private readonly handle: FileHandle

  private constructor(path: string, temporaryPath: string, handle: FileHandle) {
    this.name = printable(path)
    this.path = path
    this.temporaryPath = temporaryPath
    this.handle = handle
  }

  static async create(path: string): Promise<PrivateFile> {
    const temporaryPath = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
    return guarded(path, async () => {
      await refuseOthers(path)
      return new PrivateFile(path, temporaryPath, await open(temporaryPath, 'wx', ownerOnly))
    })
  }

  /** Only a file: nothing else is there by kitter's doing. */
  static async remove(path: string): Promise<void> {
    const stats = await lstat(path).catch(() => undefined)
    if (stats?.isFile() === true) await guarded(path, () => rm(path, { force: true }))
  }

  async write(content: string | Uint8Array): Promise<void> {
    await guarded(this.path, () => this.handle.appendFile(content))
  }

  async keep(): Promise<void> {
    await guarded(this.path, async () => {
      await this.handle.close()
      await refuseOthers(this.path)
      await rename(this.temporaryPath, this.path)
    })
  }

  /** Leaves everything as it was, unless it was kept. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined)
    await rm(this.temporaryPath, { force: true })
  }
}

/** A device, a pipe or a link is nothing to put a file in the place of. */
async function refuseOthers(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats === undefined || stats.isFile()) return
  const what = stats.isDirectory() ? 'it is a folder' : 'what is there is not a plain file'
  throw new CannotRun(`${printable(path)} can't be written: ${what}.`)
}

async function guarded<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CannotRun) throw error
    throw new CannotRun(`${printable(path)} can't be written: ${fileProblem(error)}.`, { cause: error })
  }
}
