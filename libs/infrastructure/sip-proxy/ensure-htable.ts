import { StartError } from '#kernel'
import { type Queries, StatementError } from '#infrastructure/postgres'
import type { Htable } from './htable.ts'
import type { TableName } from './table-name.ts'

/** Kitters that start together take turns. */
const creationLock = 7_100_303

/**
 * Sees that there is a table, and makes Kamailio's stock one (5.6, table_version 2) where there is none. One that is there
 * stays as it is, and asks for no right to make one.
 */
export async function ensureHtable({ database, table }: Htable): Promise<void> {
  try {
    await database.transaction(async (queries) => {
      await queries.rows('SELECT pg_advisory_xact_lock($1)', creationLock)
      if (!(await isThere(queries, table))) await queries.rows(creationOf(table))
    })
  } catch (error) {
    throw error instanceof StatementError ? notCreated(table, error) : error
  }
}

/** Asked of the catalogue, which everybody may read. */
async function isThere(queries: Queries, { schema, table }: TableName): Promise<boolean> {
  const sql = `
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`
  return (await queries.rows(sql, schema, table)).length > 0
}

function creationOf(table: TableName): string {
  return `
    CREATE TABLE ${table.sql} (
      id serial PRIMARY KEY NOT NULL,
      key_name varchar(64) DEFAULT '' NOT NULL,
      key_type integer DEFAULT 0 NOT NULL,
      value_type integer DEFAULT 0 NOT NULL,
      key_value varchar(128) DEFAULT '' NOT NULL,
      expires integer DEFAULT 0 NOT NULL
    )`
}

function notCreated(table: TableName, error: StatementError): StartError {
  return new StartError(
    `CALLER_ID_ENABLED is on, and the sip-proxy's table ${String(table)} is not in kitter's database and can't be made ` +
      `there (${error.message}): make it from Kamailio's htable-create.sql and grant kitter SELECT, INSERT and DELETE on ` +
      'it, say by HTABLE_DATABASE_URL and HTABLE_TABLE where it is, or switch CALLER_ID_ENABLED off.',
    { cause: error },
  )
}
