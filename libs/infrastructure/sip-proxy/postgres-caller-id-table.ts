import { type Page, systemRefused } from '#kernel'
import { type CallerIdEntry, CallerIdTable, type EntryFilter, entryNameTaken } from '#core/caller-id'
import { Conditions, containing, StatementError } from '#infrastructure/postgres'
import { foldingCollation } from './case-folding.ts'
import type { Htable } from './htable.ts'

/** Advisory locks share one space of numbers; ours start here. */
const entrySeed = 7_100_302

/** Kamailio's stock htable, which has no unique index: of several rows of a name the sip-proxy keeps the one it reads last. */
export class PostgresCallerIdTable extends CallerIdTable {
  private readonly database: Htable['database']
  private readonly table: string
  private folding: Promise<(text: string) => string> | undefined

  constructor({ database, table }: Htable) {
    super()
    this.database = database
    this.table = table.sql
  }

  override list(
    filter: EntryFilter,
    { max, page }: Page,
  ): Promise<{ readonly entries: readonly CallerIdEntry[]; readonly total: number }> {
    return orRefused(async () => {
      const { where, parameters } = await this.conditionsOf(filter)
      const sql = `
        SELECT key_name AS name, key_value AS value FROM ${this.table} ${where}
        ORDER BY key_name COLLATE "C", id LIMIT ${max} OFFSET ${max * page}`
      const [entries, counted] = await Promise.all([
        this.database.rows<CallerIdEntry>(sql, ...parameters),
        this.database.rows<{ count: number }>(
          `SELECT count(*)::int AS count FROM ${this.table} ${where}`,
          ...parameters,
        ),
      ])
      return { entries, total: counted[0]?.count ?? 0 }
    })
  }

  override find(name: string): Promise<CallerIdEntry | undefined> {
    const sql = `
      SELECT key_name AS name, key_value AS value FROM ${this.table} WHERE key_name = $1 ORDER BY id DESC LIMIT 1`
    return orRefused(async () => (await this.database.rows<CallerIdEntry>(sql, name))[0])
  }

  override add({ name, value }: CallerIdEntry): Promise<void> {
    // '0' is a number or a text, whichever of them the column `expires` is in this version of Kamailio
    const insertion = `
      INSERT INTO ${this.table} (key_name, key_type, value_type, key_value, expires) VALUES ($1, 0, 0, $2, '0')`
    const adding = (): Promise<void> =>
      this.database.transaction(async (queries) => {
        // under a stricter level, which may be the database's default, the look would be older than the lock
        await queries.rows('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
        await queries.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', name, entrySeed)
        const taken: unknown[] = await queries.rows(`SELECT FROM ${this.table} WHERE key_name = $1 LIMIT 1`, name)
        if (taken.length > 0) throw entryNameTaken(name)
        await queries.rows(insertion, name, value)
      })
    return orRefused(adding)
  }

  override remove(name: string): Promise<boolean> {
    const sql = `DELETE FROM ${this.table} WHERE key_name = $1 RETURNING id`
    return orRefused(async () => (await this.database.rows(sql, name)).length > 0)
  }

  private async conditionsOf({ nameContains, valueContains }: EntryFilter): Promise<Conditions> {
    if (nameContains === undefined && valueContains === undefined) return new Conditions()
    const folded = await this.foldingOfDatabase()
    const contains = (column: string) => (value: string) => `${folded(column)} LIKE ${folded(`${value}::text`)}`
    return new Conditions()
      .given(containing(nameContains), contains('key_name'))
      .given(containing(valueContains), contains('key_value'))
  }

  /** Capitals, for those of a letter don't depend on its neighbours: a small sigma does. */
  private foldingOfDatabase(): Promise<(text: string) => string> {
    this.folding ??= foldingCollation(this.database).then(
      (collation) => (text) => (collation === undefined ? `upper(${text})` : `upper(${text} COLLATE "${collation}")`),
      (error: unknown) => {
        this.folding = undefined
        throw error
      },
    )
    return this.folding
  }
}

/** The table is the sip-proxy's: what it refuses, such as for want of a right or a column, is no fault of kitter's. */
async function orRefused<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof StatementError ? systemRefused("The sip-proxy's database", error) : error
  }
}
