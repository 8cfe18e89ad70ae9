import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Transaction } from '#kernel'
import type { DomainName } from '#core/domains'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { newDomain } from '../../core/domains/application/domain-records.contract.ts'
import { newUserRecord } from '../../core/users/application/user-records.contract.ts'
import { AuditRetention } from './audit-retention.ts'
import type { Database } from './database.ts'
import { JournalLease } from './journal-lease.ts'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'
import { PostgresDomainRecords } from './postgres-domain-records.ts'
import { PostgresOperations } from './postgres-operations.ts'
import { transactionOf } from './postgres-transaction.ts'
import { PostgresUserRecords } from './postgres-user-records.ts'

/** What an operator's own Postgres may have sorted by: code points, or a language's order of letters. */
export const locales = [
  { server: 'that sorts by code point', locale: undefined },
  { server: 'that sorts as Spanish does', locale: "LOCALE_PROVIDER icu ICU_LOCALE 'es-ES'" },
] as const

/** kitter's schema in a database of its own. */
export class TestPostgres implements AsyncDisposable {
  readonly domains: PostgresDomainRecords
  readonly users: PostgresUserRecords

  private constructor(
    readonly url: string,
    readonly database: Database,
    private readonly resources: AsyncDisposableStack,
  ) {
    this.domains = new PostgresDomainRecords(database)
    this.users = new PostgresUserRecords(database)
  }

  static async start(locale?: string): Promise<TestPostgres> {
    await using resources = new AsyncDisposableStack()
    const url = await emptyDatabase(resources, locale)
    const database = await openDatabase({ url, schema: 'kitter', migrations })
    resources.defer(() => database.close())
    return new TestPostgres(url, database, resources.move())
  }

  operations(leaseSeconds?: number): PostgresOperations {
    return new PostgresOperations(this.database, new JournalLease(leaseSeconds), new AuditRetention())
  }

  transaction<Result>(work: (within: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction((queries) => work(transactionOf(queries)))
  }

  async addDomain(name: DomainName, parent?: DomainName): Promise<void> {
    await this.transaction((within) => this.domains.add(newDomain({ name, parent }), within))
  }

  async addUser(domain: DomainName): Promise<string> {
    const record = newUserRecord({ domain })
    await this.transaction((within) => this.users.add(record, within))
    return record.user.id
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}

/** The address of a new, empty database, of a locale of its own if one is given. */
export async function emptyDatabase(resources: AsyncDisposableStack, locale?: string): Promise<string> {
  const plain = await createTestDatabase()
  resources.defer(() => plain.drop())
  if (locale === undefined) return plain.url
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await run(plain.url, `CREATE DATABASE ${name} TEMPLATE template0 ${locale}`)
  resources.defer(async () => {
    await run(plain.url, `DROP DATABASE ${name} WITH (FORCE)`)
  })
  const url = new URL(plain.url)
  url.pathname = name
  return url.href
}

/** One statement over a connection of its own. */
export async function run<Row extends object>(url: string, sql: string, ...parameters: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, parameters)).rows
  } finally {
    await client.end()
  }
}
