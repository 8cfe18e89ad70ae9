import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'

export interface ProductionPostgres {
  /** Of its first process, which starts all others. */
  readonly pid: number
  readonly version: string
  readonly settings: Readonly<Record<string, string>>
  /** Makes an empty database, and gives its URL. */
  create(name: string): Promise<string>
}

/** What kitter's own Postgres has smaller, being one for development; else Postgres' defaults. */
const settings = {
  shared_buffers: '1GB',
  effective_cache_size: '3GB',
  max_wal_size: '4GB',
  max_connections: '300',
  max_parallel_workers_per_gather: '2',
  io_method: 'worker',
  jit: 'on',
  log_checkpoints: 'on',
}

/** One server with a database for each program, every commit on the disk before it is answered. */
export async function startProductionPostgres(
  folder: string,
  resources: AsyncDisposableStack,
): Promise<ProductionPostgres> {
  const options = { dataDir: join(folder, 'databases'), log: () => undefined }
  const first = await startEmbeddedPostgres(options)
  await using starting = new AsyncDisposableStack()
  starting.defer(() => first.stop())
  for (const [name, value] of Object.entries(settings)) {
    await query(first.url, `ALTER SYSTEM SET ${name} = ${pg.escapeLiteral(value)}`)
  }
  await starting.disposeAsync()

  const postgres = await startEmbeddedPostgres(options)
  resources.defer(() => postgres.stop())
  const [shown] = await query<{ version: string }>(postgres.url, 'SHOW server_version')
  const durability = await query<{ name: string; setting: string }>(
    postgres.url,
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`,
  )
  return {
    pid: Number((await readFile(join(options.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]),
    version: Object.values(shown ?? {})[0] ?? '',
    settings: { ...Object.fromEntries(durability.map(({ name, setting }) => [name, setting])), ...settings },
    async create(name) {
      await query(postgres.url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`)
      const url = new URL(postgres.url)
      url.pathname = name
      return url.href
    },
  }
}

export async function query<Row extends object>(
  url: string,
  sql: string,
  ...parameters: readonly unknown[]
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, [...parameters])).rows
  } finally {
    await client.end()
  }
}
