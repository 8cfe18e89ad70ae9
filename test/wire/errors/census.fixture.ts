import pg from 'pg'
import { vi } from 'vitest'
import type { TestKitter } from '../../support/test-kitter.ts'

interface TableCensus {
  readonly rows: number
  readonly digest: string
}

/** How many rows every table of kitter and of its sandbox has, and a digest of what stands in them. */
export async function census({ databaseUrl }: TestKitter): Promise<Readonly<Record<string, TableCensus>>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await importsEnded(client)
    const counted = (await tablesOf(client)).map(
      (table) =>
        `SELECT '${table}' AS table, count(*)::int AS rows, coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS digest FROM ${table} AS row`,
    )
    const { rows } = await client.query<TableCensus & { table: string }>(counted.join(' UNION ALL '))
    return Object.fromEntries(rows.map(({ table, ...figures }) => [table, figures]))
  } finally {
    await client.end()
  }
}

/** What was asked for goes on in the background. */
async function importsEnded(client: pg.Client): Promise<void> {
  const running = `SELECT FROM kitter.imports WHERE state IN ('receiving', 'running')`
  await vi.waitUntil(async () => (await client.query(running)).rows.length === 0, { timeout: 20_000, interval: 20 })
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const sql = `
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS table FROM pg_tables
    WHERE schemaname IN ('kitter', 'sandbox', 'public') ORDER BY 1`
  const { rows } = await client.query<{ table: string }>(sql)
  return rows.map(({ table }) => table)
}
