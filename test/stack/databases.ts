import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'

export interface Databases extends AsyncDisposable {
  /** Makes an empty database, and gives its URL. */
  create(name: string): Promise<string>
}

export async function startDatabases(folder: string): Promise<Databases> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'databases'), log: () => undefined })
  return {
    async create(name) {
      const client = new pg.Client({ connectionString: postgres.url })
      await client.connect()
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`).finally(() => client.end())
      const url = new URL(postgres.url)
      url.pathname = name
      return url.href
    },
    [Symbol.asyncDispose]: () => postgres.stop(),
  }
}
