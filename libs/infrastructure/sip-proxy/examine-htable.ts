import type { Finding } from '#core/health'
import { StatementError } from '#infrastructure/postgres'
import { foldingCollation } from './case-folding.ts'
import { failureReason } from './failure-reason.ts'
import { columnProblems } from './htable-columns.ts'
import { rightProblems, rightsOn } from './htable-rights.ts'
import type { Htable } from './htable.ts'
import type { TableName } from './table-name.ts'

const knownVersion = 2
const shownNames = 5

/** What `kitter doctor` says of the caller-ID table. It changes nothing. */
export async function* examineHtable(database: Htable['database'], table: TableName): AsyncIterable<Finding> {
  try {
    await database.ping()
  } catch (error) {
    yield unreachable(error)
    return
  }
  yield* encodingOf(database)
  const rights = await rightsOn(database, table)
  if (rights === undefined) {
    yield await absent(database, table)
    return
  }
  const problems = [...rightProblems(table, rights), ...(await columnProblems(database, table))]
  yield* problems
  if (!problems.some(({ state }) => state === 'wrong'))
    yield {
      state: 'right',
      sentence: `The htable ${String(table)} is there, with the columns and the rights that kitter needs.`,
    }
  if (rights.usage && rights.select) yield* duplicatesIn(database, table)
  yield* versionOf(database, table)
}

function unreachable(error: unknown): Finding {
  return {
    state: 'wrong',
    sentence: `The sip-proxy's database can't be used: ${failureReason(error)}.`,
    mend: 'Compare HTABLE_DATABASE_URL with where it is, and see that it runs and lets kitter in.',
  }
}

async function absent(database: Htable['database'], table: TableName): Promise<Finding> {
  const sql = `
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE lower(c.relname) IN (lower($1), 'htable') AND c.relkind IN ('r', 'p', 'f', 'v') AND (n.nspname, c.relname) <> ($2, $1)
    ORDER BY 1`
  const others = await database.rows<{ readonly name: string }>(sql, table.table, table.schema)
  const sentence = `There is no table ${String(table)} in the sip-proxy's database.`
  const mend =
    others.length === 0
      ? "Make it from Kamailio's htable-create.sql, or say by HTABLE_DATABASE_URL and HTABLE_TABLE where it is."
      : `Set HTABLE_TABLE to ${others.map(({ name }) => name).join(' or ')}, which is there.`
  return { state: 'wrong', sentence, mend }
}

async function* encodingOf(database: Htable['database']): AsyncIterable<Finding> {
  const rows = await database.rows<{ readonly encoding: string }>('SELECT getdatabaseencoding() AS encoding')
  const encoding = rows[0]?.encoding ?? ''
  const mend = "Move the sip-proxy's database to one made with ENCODING 'UTF8'."
  if (encoding === 'SQL_ASCII') {
    const sentence =
      "The sip-proxy's database is SQL_ASCII: it counts bytes instead of characters, so that 64 of them may not fit, and finds é only where É isn't asked for."
    yield { state: 'doubtful', sentence, mend }
  } else if (encoding !== 'UTF8') {
    const sentence = `The sip-proxy's database is ${encoding}: names and values with other characters will be refused.`
    yield { state: 'doubtful', sentence, mend }
  } else if ((await foldingCollation(database)) === undefined) {
    const sentence =
      "The sip-proxy's database has no collation that knows all capitals: it may find é only where É isn't asked for."
    yield { state: 'doubtful', sentence, mend: 'Use a Postgres that is built with ICU, or is version 17 or newer.' }
  }
}

async function* duplicatesIn(database: Htable['database'], table: TableName): AsyncIterable<Finding> {
  const sql = `
    SELECT key_name AS name, count(*) OVER ()::int AS names FROM ${table.sql}
    GROUP BY key_name HAVING count(*) > 1 ORDER BY key_name COLLATE "C" LIMIT ${shownNames}`
  const rows = await unlessRefused(database.rows<{ readonly name: string; readonly names: number }>(sql))
  const names = rows[0]?.names ?? 0
  if (names === 0) return
  const shown = rows.map(({ name }) => name).join(', ')
  yield {
    state: 'doubtful',
    sentence: `The htable ${String(table)} has several rows of the same name, of which the last counts: ${shown}${names > rows.length ? `, and ${names - rows.length} more` : ''}.`,
    mend: `DELETE FROM ${table.sql} a USING ${table.sql} b WHERE a.key_name = b.key_name AND a.id < b.id`,
  }
}

/** Kamailio's own list of its tables lies beside them, where they were made by its scripts. */
async function* versionOf(database: Htable['database'], { schema, table }: TableName): AsyncIterable<Finding> {
  const name = `"${schema.replaceAll('"', '""')}".version`
  const sql = `SELECT table_version::int AS version FROM ${name} WHERE table_name = $1`
  const version = (await unlessRefused(database.rows<{ readonly version: number }>(sql, table)))[0]?.version
  if (version === undefined) return
  if (version === knownVersion)
    yield { state: 'right', sentence: `Kamailio's table of versions says ${version} of ${table}.` }
  else
    yield {
      state: 'doubtful',
      sentence: `Kamailio's table of versions says ${version} of ${table}, and kitter knows ${knownVersion}.`,
      mend: 'Try an entry and a reload, and compare with htable.dump.',
    }
}

/** What may be absent or closed to kitter without harm is no finding. */
async function unlessRefused<Row>(asking: Promise<readonly Row[]>): Promise<readonly Row[]> {
  return asking.catch((error: unknown) => {
    if (error instanceof StatementError) return []
    throw error
  })
}
