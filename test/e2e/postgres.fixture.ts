import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

export interface PostmasterAddress {
  readonly pid: number
  readonly port: number
}

/** Where the embedded Postgres of a data folder says that it is. */
export async function postmasterOf(dataDir: string): Promise<PostmasterAddress | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port] = text.split('\n').map(Number)
  return pid !== undefined && port !== undefined && pid > 0 ? { pid, port } : undefined
}

/** Whether a process runs. One that has ended, and that its parent hasn't looked at, doesn't. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return !/^State:\s+Z/m.test(status)
}

/** What still runs with this folder on its command line. */
export async function processesOf(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const commands = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(commands)).filter((command) => command.includes(folder))
}

/** A transaction that lets nobody at the users. */
export class LockedUsers implements AsyncDisposable {
  private readonly client: pg.Client

  private constructor(client: pg.Client) {
    this.client = client
  }

  static async in(url: string): Promise<LockedUsers> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    await client.query('BEGIN')
    await client.query('LOCK TABLE kitter.users')
    return new LockedUsers(client)
  }

  /** Whether a statement waits for the users. */
  async isWaitedFor(): Promise<boolean> {
    const sql = "SELECT FROM pg_locks WHERE relation = 'kitter.users'::regclass AND NOT granted"
    return ((await this.client.query(sql)).rowCount ?? 0) > 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end()
  }
}

/** Of the embedded Postgres, with the password that lies in the data folder. */
export async function embeddedUrl(dataDir: string): Promise<string> {
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim()
  const { port = 0 } = (await postmasterOf(dataDir)) ?? {}
  return `postgres://kitter:${password}@127.0.0.1:${port}/kitter`
}

export async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
