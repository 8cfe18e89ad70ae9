import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '#kernel'
import { connectDatabase } from '#infrastructure/postgres'
import { callerIdTableContract } from '../../core/caller-id/application/caller-id-table.contract.ts'
import { closedPort, TestHtable, type TestHtableOptions } from './test-htable.fixture.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'
import { TableName } from './table-name.ts'

const icu = "LOCALE_PROVIDER icu ICU_LOCALE 'es-ES'"
const benches: readonly (TestHtableOptions & { readonly title: string })[] = [
  { title: "a database of this run's server" },
  { title: 'a database that sorts as Spanish does', locale: icu },
  { title: 'a database under the locale C', locale: "LOCALE_PROVIDER libc LOCALE 'C'" },
  { title: 'a database under C.UTF-8', locale: "LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'" },
  { title: 'a table whose expires is a text', expires: 'varchar(16)' },
  { title: 'a table of another name, in another schema', table: '"Sip Proxy"."caller""IDs"' },
  { title: 'a database that takes transactions to be serializable', isolation: 'serializable' },
]

describe.each(benches)('over $title', (options) => {
  let htable: TestHtable
  beforeAll(async () => {
    htable = await TestHtable.create(options)
  })
  afterAll(() => htable[Symbol.asyncDispose]())

  callerIdTableContract('Postgres', () =>
    Promise.resolve({
      table: new PostgresCallerIdTable(htable),
      insert: (name, value) => htable.insert(name, value),
    }),
  )

  it("writes rows as Kamailio's own tools do", async () => {
    await new PostgresCallerIdTable(htable).add({ name: 'stock', value: '+34' })
    const [row] = await htable.rows(`SELECT * FROM ${htable.table.sql} WHERE key_name = 'stock'`)
    expect(row).toMatchObject({ key_type: 0, value_type: 0, key_value: '+34' })
    expect(String(row?.expires)).toBe('0')
  })

  it('finds letters whose small form depends on where they stand', async () => {
    const table = new PostgresCallerIdTable(htable)
    await table.add({ name: 'ΟΔΟΣΑ', value: 'x' })
    expect((await table.list({ nameContains: 'οδος' }, { max: 5, page: 0 })).total).toBe(1)
  })
})

describe('a table that can’t be used', () => {
  const entry = { name: 'a', value: 'b' }
  const everything = (table: PostgresCallerIdTable): readonly (() => Promise<unknown>)[] => [
    () => table.list({}, { max: 1, page: 0 }),
    () => table.list({ nameContains: 'a' }, { max: 1, page: 0 }),
    () => table.find('a'),
    () => table.add(entry),
    () => table.remove('a'),
  ]

  it('because its database is away makes the routes unavailable, and says which database it is', async () => {
    const url = `postgres://kitter:se-cret@127.0.0.1:${await closedPort()}/x`
    const database = connectDatabase({ url, name: "The sip-proxy's database", purpose: 'htable' })
    for (const ask of everything(new PostgresCallerIdTable({ database, table: TableName.stock })))
      await expect(ask()).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'service.unavailable',
        message: "The sip-proxy's database does not answer. Nothing was changed.",
        details: { retryAfter: 5 },
      })
    await database.close()
  })

  it('because it is absent, or refuses, is no fault of kitter’s', async () => {
    await using htable = await TestHtable.create()
    await htable.rows('DROP TABLE htable')
    for (const ask of everything(new PostgresCallerIdTable(htable)))
      await expect(ask()).rejects.toMatchObject({ code: 'system.refused', details: { cause: { sqlState: '42P01' } } })
  })

  it('is used again when its database comes back', async () => {
    await using htable = await TestHtable.create()
    const table = new PostgresCallerIdTable(htable)
    await htable.closeToEverybody()
    await expect(table.list({ nameContains: 'a' }, { max: 1, page: 0 })).rejects.toBeInstanceOf(DomainError)
    await htable.openAgain()
    await table.add(entry)
    expect((await table.list({ nameContains: 'A' }, { max: 1, page: 0 })).entries).toEqual([entry])
  })

  it('that loses its connection under a change says that the outcome is unknown', async () => {
    await using htable = await TestHtable.create()
    const table = new PostgresCallerIdTable(htable)
    await using lock = await htable.locked()
    const adding = table.add(entry).then(
      () => expect.fail('it was added'),
      (error: unknown) => error,
    )
    await lock.endWhoWaits()
    expect(await adding).toMatchObject({ code: 'service.unavailable', details: { outcome: 'unknown' } })
  })
})

it('takes plain letters in a database without an encoding', async () => {
  await using htable = await TestHtable.create({ locale: "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'" })
  const table = new PostgresCallerIdTable(htable)
  await table.add({ name: 'Ñandú Alpha', value: '+34' })
  expect(await table.find('Ñandú Alpha')).toEqual({ name: 'Ñandú Alpha', value: '+34' })
  expect((await table.list({ nameContains: 'ALPHA' }, { max: 1, page: 0 })).total).toBe(1)
  await expect(table.add({ name: '中'.repeat(64), value: 'x' })).rejects.toMatchObject({ code: 'system.refused' })
})
