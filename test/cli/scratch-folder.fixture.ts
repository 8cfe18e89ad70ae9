import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

/** A folder for one test, gone afterwards. */
export class ScratchFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<ScratchFolder> {
    return new ScratchFolder(await mkdtemp(join(tmpdir(), 'kitter-cli-')))
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(this.path, name), content)
    return name
  }

  async has(name: string): Promise<boolean> {
    return stat(join(this.path, name)).then(
      () => true,
      () => false,
    )
  }

  async mode(name: string): Promise<number> {
    return (await stat(join(this.path, name))).mode & 0o777
  }

  /** The rows of a CSV file, the names of its columns first; also those with more or fewer cells. */
  async rows(name: string): Promise<string[][]> {
    return parse(await readFile(join(this.path, name), 'utf8'), { relax_column_count: true })
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
