import pg from 'pg'
import type { Finding } from '#core/health'
import { neededExtensions } from './migrations/need-extension.ts'

const oldestVersion = 150_000
const timeout = 5000
const schema = 'kitter'

type Named = readonly { readonly name: string }[]

/** Those of kitter's own tables and of the dialects' ones. */
export interface KitterMigrations {
  /** This kitter applies them when it starts. */
  readonly expected: Named
  /** The same, and those of dialects that are off now, and may have been on. */
  readonly known: Named
}

/** What `kitter doctor` says of kitter's own database. It changes nothing. */
export async function* examinePostgres(url: string, migrations: KitterMigrations): AsyncGenerator<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeout, query_timeout: timeout })
  // a connection that breaks between two questions is told by the next one
  client.on('error', () => undefined)
  try {
    await client.connect()
    yield* examine(client, migrations)
  } catch (error) {
    const mend = 'see that it runs and lets kitter in, and compare DATABASE_URL'
    yield { state: 'wrong', sentence: `kitter's database can't be used: ${reasonOf(error)}`, mend }
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function* examine(client: pg.Client, migrations: KitterMigrations): AsyncGenerator<Finding> {
  const facts = await factsOf(client)
  yield versionFinding(facts)
  if (facts.encoding !== 'UTF8') {
    const mend = "move it to a database made with ENCODING 'UTF8'"
    yield { state: 'wrong', sentence: `kitter's database is ${facts.encoding}, and can't keep every name`, mend }
  }
  const pending = await pendingMigrations(client, facts, migrations)
  yield migrationFinding(pending)
  yield* extensionFindings(client, facts)
  yield* rightFindings(client, facts, pending.missing.length > 0)
}

interface Facts {
  readonly version: number
  readonly versionText: string
  readonly encoding: string
  readonly account: string
  readonly hasSchema: boolean
  readonly mayCreate: boolean
}

async function factsOf(client: pg.Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionText",
            getdatabaseencoding() AS encoding, current_user AS account, n.oid IS NOT NULL AS "hasSchema",
            CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                 ELSE has_schema_privilege(n.oid, 'CREATE') END AS "mayCreate"
     FROM (VALUES (1)) one LEFT JOIN pg_namespace n ON n.nspname = $1`,
    [schema],
  )
  const [facts] = rows
  if (facts === undefined) throw new Error('it says nothing of itself')
  return facts
}

function versionFinding({ version, versionText }: Facts): Finding {
  if (version >= oldestVersion)
    return { state: 'right', sentence: `kitter's database answers; it is Postgres ${versionText}` }
  return {
    state: 'wrong',
    sentence: `kitter's database is Postgres ${versionText}`,
    mend: 'upgrade it to Postgres 15 or newer',
  }
}

interface PendingMigrations {
  readonly missing: readonly string[]
  /** Applied by a kitter that knows more. */
  readonly unknown: readonly string[]
}

async function pendingMigrations(
  client: pg.Client,
  { hasSchema }: Facts,
  { expected, known }: KitterMigrations,
): Promise<PendingMigrations> {
  const names = (migrations: Named): string[] => migrations.map(({ name }) => name)
  const { rows: tables } = await client.query(`SELECT 1 WHERE to_regclass($1) IS NOT NULL`, [`${schema}.migrations`])
  if (!hasSchema || tables.length === 0) return { missing: names(expected), unknown: [] }
  const { rows } = await client.query<{ readonly name: string }>(`SELECT name FROM ${schema}.migrations`)
  const applied = rows.map(({ name }) => name)
  return {
    missing: names(expected).filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names(known).includes(name)),
  }
}

function migrationFinding({ missing, unknown }: PendingMigrations): Finding {
  if (unknown.length > 0) {
    const sentence = `kitter's database was migrated by another kitter, which knows ${unknown.join(', ')}`
    return { state: 'doubtful', sentence, mend: 'use that kitter, if it is a newer one' }
  }
  if (missing.length === 0) return { state: 'right', sentence: 'All migrations are applied' }
  return {
    state: 'doubtful',
    sentence: `Migrations are not applied yet: ${missing.join(', ')}`,
    mend: 'start kitter: it applies them',
  }
}

/** Only what stands in the way of those that a migration would create. */
async function* extensionFindings(client: pg.Client, { account }: Facts): AsyncGenerator<Finding> {
  const { rows } = await client.query<{ readonly name: string; readonly isThere: boolean; readonly may: boolean }>(
    `SELECT wanted.name, version.name IS NOT NULL AS "isThere",
            coalesce(version.trusted, false) AND has_database_privilege(current_database(), 'CREATE') OR rolsuper AS may
     FROM unnest($1::text[]) AS wanted (name) CROSS JOIN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) role
     LEFT JOIN pg_available_extensions known ON known.name = wanted.name
     LEFT JOIN pg_available_extension_versions version ON version.name = known.name AND version.version = known.default_version
     WHERE wanted.name NOT IN (SELECT extname FROM pg_extension)`,
    [neededExtensions],
  )
  for (const { name, isThere, may } of rows) {
    if (!isThere)
      yield {
        state: 'wrong',
        sentence: `The server of kitter's database has no extension ${name}`,
        mend: 'install its package, postgresql-contrib on most systems',
      }
    else if (!may)
      yield {
        state: 'wrong',
        sentence: `${account} may not create the extension ${name}, which migrations need`,
        mend: `have an administrator run CREATE EXTENSION ${name} in kitter's database`,
      }
  }
}

async function* rightFindings(client: pg.Client, facts: Facts, isBehind: boolean): AsyncGenerator<Finding> {
  const { account, hasSchema, mayCreate } = facts
  if (!mayCreate) {
    const grant = hasSchema ? `GRANT CREATE ON SCHEMA ${schema}` : 'GRANT CREATE ON DATABASE …'
    const sentence = `${account} may not create ${hasSchema ? `tables in the schema ${schema}` : `the schema ${schema}`}, which migrations need`
    yield { state: isBehind ? 'wrong' : 'doubtful', sentence, mend: `${grant} TO ${account}` }
  }
  const closed = await closedTables(client)
  if (closed.length > 0) {
    const mend = `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${account}`
    yield { state: 'wrong', sentence: `${account} may not read and write ${closed.join(', ')}`, mend }
  } else if (mayCreate) yield { state: 'right', sentence: `${account} has the rights that kitter needs` }
}

async function closedTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
       AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')
                AND has_table_privilege(c.oid, 'DELETE'))
     ORDER BY 1`,
    [schema],
  )
  return rows.map(({ name }) => name)
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
