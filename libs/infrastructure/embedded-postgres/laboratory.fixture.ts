import { execFile, type SpawnOptions } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { clearOrphan } from './clear-orphan.ts'
import type { EmbeddedPostgres } from './embedded-postgres.ts'
import { KitterProcess } from './kitter-process.fixture.ts'
import { startEmbeddedPostgres } from './start-embedded-postgres.ts'

const run = promisify(execFile)

const memoryDisk = '/dev/shm'
const roomEnough = 1024 ** 3

/** Folders, processes and mounts of one test, all gone after `clear`. */
export class Laboratory {
  private readonly cleanups: (() => Promise<unknown>)[] = []

  /** An empty folder that everybody may pass. */
  async folder(): Promise<string> {
    const path = await mkdtemp(join(await place(), 'kitter-postgres-'))
    await chmod(path, 0o755)
    this.cleanups.push(() => rm(path, { recursive: true, force: true }))
    return path
  }

  async start(dataDir: string): Promise<EmbeddedPostgres> {
    const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
    this.cleanups.push(() => postgres.stop())
    return postgres
  }

  spawnKitter(dataDir: string, options?: SpawnOptions): KitterProcess {
    const kitter = new KitterProcess(dataDir, options)
    this.cleanups.push(async () => {
      await kitter.end('SIGKILL')
      await clearOrphan(join(dataDir, 'postgres'), () => undefined)
    })
    return kitter
  }

  /** Mounts a small disk in memory. Tells why not, where this machine doesn't let us. */
  async mount(path: string, size: string): Promise<string | undefined> {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', path])
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    this.cleanups.push(() => run('umount', [path]))
    return undefined
  }

  async remount(path: string, options: string): Promise<void> {
    await run('mount', ['-o', `remount,${options}`, path])
  }

  afterwards(cleanup: () => Promise<unknown>): void {
    this.cleanups.push(cleanup)
  }

  async clear(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0).reverse()) await cleanup()
  }

  async query(url: string, sql: string): Promise<readonly unknown[]> {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0])
    } finally {
      await client.end()
    }
  }

  async postmasterPid(dataDir: string): Promise<number> {
    return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
  }
}

/** Making and removing clusters takes a second each on some disks, and next to nothing in memory. */
async function place(): Promise<string> {
  const { bavail, bsize } = await statfs(memoryDisk).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > roomEnough ? memoryDisk : tmpdir()
}
