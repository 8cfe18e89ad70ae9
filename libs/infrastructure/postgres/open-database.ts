import type { DataSource } from 'typeorm'
import { StartError } from '#kernel'
import { Database, type DatabaseFailures } from './database.ts'
import { dataSource, type DataSourceSettings, migrationSource } from './data-source.ts'
import { migrate } from './migrate.ts'

const oldestVersion = 150_000

/** Sees that the server is one that kitter knows, brings the schema up to date, and connects. */
export async function openDatabase(settings: DataSourceSettings, failures?: DatabaseFailures): Promise<Database> {
  try {
    await bringUpToDate(settings)
    return new Database(await dataSource(settings).initialize(), failures)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`kitter can't use the database of DATABASE_URL: ${sentenceOf(error)}.`, { cause: error })
  }
}

async function bringUpToDate(settings: DataSourceSettings): Promise<void> {
  const source = migrationSource(settings)
  try {
    await source.initialize()
    await requireFitness(source)
    await migrate(source, settings.schema)
  } finally {
    if (source.isInitialized) await source.destroy()
  }
}

interface Server {
  readonly version: number
  readonly encoding: string
}

async function requireFitness(source: DataSource): Promise<void> {
  const [server]: Server[] = await source.query(
    "SELECT current_setting('server_version_num')::int AS version, getdatabaseencoding() AS encoding",
  )
  if (server === undefined || server.version < oldestVersion)
    throw new StartError('kitter needs Postgres 15 or newer; the server of DATABASE_URL is older.')
  if (server.encoding !== 'UTF8')
    throw new StartError(
      `kitter needs a database in UTF8; that of DATABASE_URL is in ${server.encoding}: ` +
        "use another, made with TEMPLATE template0 ENCODING 'UTF8'.",
    )
}

function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError) return sentenceOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
