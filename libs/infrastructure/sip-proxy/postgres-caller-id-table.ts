import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import { type CallerIdEntry, CallerIdTable, type EntryFilter, entryNameTaken } from '#core/caller-id'
import { Conditions, containing } from './conditions.ts'
import { Database } from './database.ts'

/** Advisory locks share one space of numbers; ours start here. */
const entrySeed = 7_100_302

/** Kamailio's stock htable, which has no unique index: of several rows of a name the sip-proxy keeps the one it reads last. */
@Injectable()
export class PostgresCallerIdTable extends CallerIdTable {
  constructor(private readonly database: Database) {
    super()
  }

  override async list(
    filter: EntryFilter,
    { max, page }: Page,
  ): Promise<{ readonly entries: readonly CallerIdEntry[]; readonly total: number }> {
    const { where, parameters } = new Conditions()
      .given(containing(filter.nameContains), (value) => `key_name ILIKE ${value}`)
      .given(containing(filter.valueContains), (value) => `key_value ILIKE ${value}`)
    const sql = `
      SELECT key_name AS name, key_value AS value FROM public.htable ${where}
      ORDER BY key_name COLLATE "C", id LIMIT ${max} OFFSET ${max * page}`
    const [entries, counted] = await Promise.all([
      this.database.rows<CallerIdEntry>(sql, ...parameters),
      this.database.rows<{ count: number }>(`SELECT count(*)::int AS count FROM public.htable ${where}`, ...parameters),
    ])
    return { entries, total: counted[0]?.count ?? 0 }
  }

  override async find(name: string): Promise<CallerIdEntry | undefined> {
    const sql =
      'SELECT key_name AS name, key_value AS value FROM public.htable WHERE key_name = $1 ORDER BY id DESC LIMIT 1'
    return (await this.database.rows<CallerIdEntry>(sql, name))[0]
  }

  override add({ name, value }: CallerIdEntry): Promise<void> {
    return this.database.transaction(async (queries) => {
      await queries.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', name, entrySeed)
      const taken: unknown[] = await queries.rows('SELECT id FROM public.htable WHERE key_name = $1 LIMIT 1', name)
      if (taken.length > 0) throw entryNameTaken(name)
      await queries.rows(
        'INSERT INTO public.htable (key_name, key_type, value_type, key_value, expires) VALUES ($1, 0, 0, $2, 0)',
        name,
        value,
      )
    })
  }

  override async remove(name: string): Promise<boolean> {
    const sql = 'DELETE FROM public.htable WHERE key_name = $1 RETURNING id'
    return (await this.database.rows(sql, name)).length > 0
  }
}
