import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { CannotRun } from '../../cannot-run.ts'
import { printable } from '../../output/printable.ts'
import { PrivateFile } from '../../output/private-file.ts'
import { holdsRefusedRows } from './holds-refused-rows.ts'

/** Where refused rows are written. Those of an earlier import are replaced or removed, and nothing else. */
export class RefusedFile {
  /** For messages. */
  readonly name: string
  private readonly path: string

  constructor(path: string) {
    this.path = path
    this.name = printable(path)
  }

  async isThere(): Promise<boolean> {
    return (await this.stats()) !== undefined
  }

  async requireReplaceable(): Promise<void> {
    const stats = await this.stats()
    if (stats === undefined || stats.size === 0 || (await holdsRefusedRows(this.path))) return
    throw new CannotRun(
      `${this.name} is there already, and is no file of refused rows: say another one with --refused.`,
    )
  }

  async create(): Promise<PrivateFile> {
    await this.requireReplaceable()
    return PrivateFile.create(this.path)
  }

  async remove(): Promise<void> {
    if ((await this.isThere()) && (await holdsRefusedRows(this.path))) await PrivateFile.remove(this.path)
  }

  private async stats(): Promise<Stats | undefined> {
    const stats = await lstat(this.path).catch(() => undefined)
    return stats?.isFile() === true ? stats : undefined
  }
}
