import { type FileHandle, open, rm } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { CannotRun } from '../../cannot-run.ts'
import { type PeopleColumn, refusedColumns } from './people-columns.ts'
import type { PersonRow } from './people-file.ts'

/** Rows may hold passwords. */
const ownerOnly = 0o600

/** The refused rows of an import as CSV, each with its reason and line. There is no file as long as none is refused. */
export class RefusedFile {
  readonly path: string
  private readonly columns: readonly PeopleColumn[]
  private file: FileHandle | undefined

  constructor(path: string, columns: readonly PeopleColumn[]) {
    this.path = path
    this.columns = columns
  }

  async add({ cells, line }: PersonRow, reason: string): Promise<void> {
    await this.guard(async () => {
      this.file ??= await this.create()
      await this.file.appendFile(csvLine([...cells, reason, String(line)]))
    })
  }

  /** Leaves no file of an earlier import when this one refused nothing. */
  async close(): Promise<void> {
    await this.guard(async () => {
      if (this.file === undefined) await rm(this.path, { force: true })
      else await this.file.close()
    })
  }

  /** Never into a file that is there: it might be readable by others. */
  private async create(): Promise<FileHandle> {
    await rm(this.path, { force: true })
    const file = await open(this.path, 'wx', ownerOnly)
    await file.appendFile(csvLine([...this.columns, ...refusedColumns]))
    return file
  }

  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      throw new CannotRun(`${this.path}, the file for refused rows, can't be written (${reason}).`, { cause: error })
    }
  }
}

function csvLine(cells: readonly string[]): string {
  return stringify([[...cells]], { quoted_match: /[\r\n]/ })
}
