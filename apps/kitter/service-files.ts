import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isPlainObject, jsonIn, StartError } from '#kernel'
import { makeFolder } from '#infrastructure/embedded-postgres'

/** Where a service runs, for the `kitter` command on the same machine. */
export interface ServiceFile {
  readonly url: string
  readonly pid: number
}

/** What the service leaves in its data folder for whoever works with it on the same machine. */
export class ServiceFiles {
  private readonly folder: string

  constructor(folder: string) {
    this.folder = resolve(folder)
  }

  get adminTokenPath(): string {
    return join(this.folder, 'admin-token')
  }

  private get servicePath(): string {
    return join(this.folder, 'service.json')
  }

  async announce(service: ServiceFile, adminToken: string | undefined): Promise<void> {
    try {
      await makeFolder(this.folder)
      if (adminToken !== undefined) await replaceFile(this.adminTokenPath, `${adminToken}\n`, 0o600)
      await replaceFile(this.servicePath, `${JSON.stringify(service)}\n`, 0o644)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new StartError(`kitter can't write to its data folder ${this.folder}: ${reason}.`, { cause: error })
    }
  }

  /** Unless another service has taken the place. */
  async withdraw(pid: number): Promise<void> {
    const text = await readFile(this.servicePath, 'utf8').catch(() => undefined)
    if (text !== undefined && pidIn(text) === pid) await rm(this.servicePath, { force: true })
  }
}

/** Whoever reads meanwhile sees the old or the new content, never half of it. */
async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}`
  await rm(draft, { force: true })
  await writeFile(draft, content, { mode, flag: 'wx' })
  await rename(draft, path)
}

function pidIn(text: string): unknown {
  const service = jsonIn(text)
  return isPlainObject(service) ? service['pid'] : undefined
}
