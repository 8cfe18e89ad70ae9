import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import pg from 'pg'
import { freePort } from '#infrastructure/embedded-postgres'
import { connectDatabase, type Database } from '#infrastructure/postgres'
import { ensureHtable } from './ensure-htable.ts'
import type { Htable } from './htable.ts'
import { TableName } from './table-name.ts'

export interface TestHtableOptions {
  /** What follows the database's name in CREATE DATABASE. */
  readonly locale?: string
  readonly table?: string
  /** The type of that column. */
  readonly expires?: string
  readonly isolation?: string
}

/** An htable in a database of its own, to which kitter connects as to somebody else's. */
export class TestHtable implements Htable, AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly table: TableName,
    readonly database: Database,
  ) {}

  static async create({ locale = '', table, expires, isolation }: TestHtableOptions = {}): Promise<TestHtable> {
    const url = await newDatabase(locale)
    const name = TableName.parse(table ?? 'htable') ?? TableName.stock
    const database = connectDatabase({ url, name: "The sip-proxy's database", purpose: 'htable' })
    const htable = new TestHtable(url, name, database)
    if (name.schema !== 'public') await htable.rows(`CREATE SCHEMA ${name.sql.split('.')[0]}`)
    await ensureHtable(htable)
    if (expires !== undefined)
      await htable.rows(
        `ALTER TABLE ${name.sql} ALTER COLUMN expires DROP DEFAULT, ALTER COLUMN expires TYPE ${expires}`,
      )
    if (isolation !== undefined)
      await htable.rows(`ALTER DATABASE ${databaseOf(url)} SET default_transaction_isolation = '${isolation}'`)
    return new TestHtable(url, name, connectDatabase({ url, name: "The sip-proxy's database", purpose: 'htable' }))
  }

  /** As somebody who isn't kitter. */
  rows(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    return run(this.url, sql, ...parameters)
  }

  async insert(name: string, value: string): Promise<void> {
    await this.rows(`INSERT INTO ${this.table.sql} (key_name, key_value, expires) VALUES ($1, $2, '0')`, name, value)
  }

  async erase(name: string): Promise<void> {
    await this.rows(`DELETE FROM ${this.table.sql} WHERE key_name = $1`, name)
  }

  async closeToEverybody(): Promise<void> {
    const name = databaseOf(this.url)
    await run(inject('postgresUrl'), `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await run(inject('postgresUrl'), 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', name)
  }

  async openAgain(): Promise<void> {
    await run(inject('postgresUrl'), `ALTER DATABASE ${databaseOf(this.url)} ALLOW_CONNECTIONS true`)
  }

  /** A transaction that lets nobody at the table. */
  async locked(): Promise<LockedTable> {
    return LockedTable.over(this.url, this.table)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close()
    await run(inject('postgresUrl'), `DROP DATABASE ${databaseOf(this.url)} WITH (FORCE)`)
  }
}

class LockedTable implements AsyncDisposable {
  private constructor(private readonly client: pg.Client) {}

  static async over(url: string, table: TableName): Promise<LockedTable> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('BEGIN')
    await client.query(`LOCK TABLE ${table.sql}`)
    return new LockedTable(client)
  }

  async endWhoWaits(): Promise<void> {
    const deadline = performance.now() + 10_000
    const sql = `
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    while ((await this.client.query(sql)).rowCount === 0)
      if (performance.now() > deadline) throw new Error('nobody waits for the table')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end()
  }
}

async function newDatabase(locale: string): Promise<string> {
  const url = new URL(inject('postgresUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await run(url.href, `CREATE DATABASE ${name} TEMPLATE template0 ${locale}`)
  url.pathname = name
  return url.href
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

export async function run(url: string, sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql, parameters)).rows
  } finally {
    await client.end()
  }
}

/** A port of this machine on which nobody listens. */
export const closedPort = freePort
