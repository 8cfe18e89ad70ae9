import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestDatabase } from '../support/test-database.ts'
import { isAlive, postmasterOf } from './postgres.fixture.ts'
import { type ServiceOptions, ServiceProcess } from './service-process.fixture.ts'
import { until } from './until.fixture.ts'

const run = promisify(execFile)

/** Folders, databases and processes of one test, all gone at its end. */
export class Scene implements AsyncDisposable {
  private readonly resources = new AsyncDisposableStack()

  /** An empty folder that everybody may pass. */
  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'kitter-e2e-'))
    await chmod(path, 0o755)
    this.afterwards(() => rm(path, { recursive: true, force: true }))
    return path
  }

  /** The URL of a new database in the Postgres of this test run. */
  async database(): Promise<string> {
    const database = await createTestDatabase()
    this.afterwards(() => database.drop())
    return database.url
  }

  /** Settings of a kitter that needs no Postgres of its own. */
  async onDatabase(): Promise<{ readonly DATABASE_URL: string; readonly KITTER_DATA_DIR: string }> {
    return { DATABASE_URL: await this.database(), KITTER_DATA_DIR: await this.folder() }
  }

  spawn(settings: Readonly<Record<string, string>>, options?: ServiceOptions): ServiceProcess {
    const service = new ServiceProcess(settings, options)
    this.afterwards(() => clear(service))
    return service
  }

  start(settings: Readonly<Record<string, string>>, options?: ServiceOptions): Promise<ServiceProcess> {
    return this.spawn(settings, options).ready()
  }

  /** Mounts a small disk in memory. Tells why not, where this machine doesn't let us. */
  async mountDisk(path: string, size: string): Promise<string | undefined> {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', path])
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    this.afterwards(() => run('umount', [path]))
    return undefined
  }

  async growDisk(path: string, size: string): Promise<void> {
    await run('mount', ['-o', `remount,size=${size}`, path])
  }

  afterwards(cleanup: () => unknown): void {
    this.resources.defer(async () => {
      await cleanup()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.resources.disposeAsync()
  }
}

/** Ends the service, and whatever outlived it: what it was wrapped in first, its Postgres last. */
async function clear(service: ServiceProcess): Promise<void> {
  const inside = await pidOf(service.dataDir)
  for (const pid of [inside, service.isRunning ? service.pid : undefined]) {
    if (pid !== undefined && (await isAlive(pid))) signalIfAlive(pid, 'SIGKILL')
  }
  if (service.child.pid !== undefined) await service.ended()
  const postmaster = await postmasterOf(service.dataDir)
  if (postmaster === undefined || !(await isAlive(postmaster.pid))) return
  for (const signal of ['SIGQUIT', 'SIGCONT'] as const) signalIfAlive(postmaster.pid, signal)
  await until('Postgres ends', async () => !(await isAlive(postmaster.pid)))
}

/** It may end at any moment. */
function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The process that serves, if one does. */
async function pidOf(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'service.json'), 'utf8').catch(() => '')
  const pid = Number(/"pid":(\d+)/.exec(text)?.[1])
  return pid > 0 ? pid : undefined
}
