import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '#core/health'
import { connectDatabase, type Database } from '#infrastructure/postgres'
import { collected } from './collected.fixture.ts'
import { ensureHtable } from './ensure-htable.ts'
import { examineHtable } from './examine-htable.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'
import { TableName } from './table-name.ts'
import { closedPort, TestHtable } from './test-htable.fixture.ts'

const fine = {
  state: 'right',
  sentence: 'The htable public.htable is there, with the columns and the rights that kitter needs.',
}

let htable: TestHtable
beforeAll(async () => {
  htable = await TestHtable.create()
})
afterAll(() => htable[Symbol.asyncDispose]())
beforeEach(async () => {
  await htable.rows('DROP SCHEMA public CASCADE')
  await htable.rows('CREATE SCHEMA public')
  await ensureHtable(htable)
})

async function findings(database: Database = htable.database, table = TableName.stock): Promise<Finding[]> {
  return collected(examineHtable(database, table))
}

const wrongs = async (): Promise<Finding[]> => (await findings()).filter(({ state }) => state === 'wrong')

describe('the examination of the htable', () => {
  it("finds Kamailio's stock table right, whichever type its expires has", async () => {
    expect(await findings()).toEqual([fine])
    await htable.rows('ALTER TABLE htable ALTER COLUMN expires DROP DEFAULT, ALTER COLUMN expires TYPE varchar(16)')
    expect(await findings()).toEqual([fine])
  })

  it('changes nothing', async () => {
    await htable.insert('a', 'b')
    await findings()
    expect(await htable.rows('SELECT id, key_name FROM htable')).toEqual([{ id: 1, key_name: 'a' }])
  })

  it('says that the table is absent, and where it may be', async () => {
    await htable.rows('DROP TABLE htable')
    expect(await findings()).toEqual([
      {
        state: 'wrong',
        sentence: "There is no table public.htable in the sip-proxy's database.",
        mend: "Make it from Kamailio's htable-create.sql, or say by HTABLE_DATABASE_URL and HTABLE_TABLE where it is.",
      },
    ])
    await htable.rows('CREATE SCHEMA IF NOT EXISTS kamailio')
    await htable.rows('CREATE TABLE kamailio.htable ()')
    const [finding] = await findings()
    expect(finding?.mend).toBe('Set HTABLE_TABLE to kamailio.htable, which is there.')
    await htable.rows('DROP SCHEMA kamailio CASCADE')
  })

  it.each([
    ['DROP COLUMN key_value', 'The column key_value of the htable public.htable is missing.'],
    ['ALTER COLUMN key_name TYPE integer USING NULL', 'The column key_name of the htable public.htable is integer.'],
    [
      'ADD COLUMN tenant int NOT NULL',
      'The column tenant of the htable public.htable must have a value and has no default, so kitter can add no entry.',
    ],
    [
      'ALTER COLUMN id DROP DEFAULT',
      'The column id of the htable public.htable must have a value and has no default, so kitter can add no entry.',
    ],
  ])('after ALTER TABLE htable %s says: %s', async (change, sentence) => {
    await htable.rows('ALTER TABLE htable ALTER COLUMN key_name DROP DEFAULT')
    await htable.rows(`ALTER TABLE htable ${change}`)
    const found = await wrongs()
    expect(found.map((finding) => finding.sentence)).toEqual([sentence])
    expect(found[0]?.mend).toBeDefined()
    await expect(new PostgresCallerIdTable(htable).add({ name: 'a', value: 'b' })).rejects.toThrow()
  })

  it('doubts short columns, and says how to mend them', async () => {
    await htable.rows('ALTER TABLE htable ALTER COLUMN key_name TYPE varchar(32)')
    const found = (await findings()).filter(({ state }) => state === 'doubtful')
    expect(found.map(({ sentence }) => sentence)).toEqual([
      'The column key_name of the htable public.htable has room for 32 characters, and kitter takes up to 64: longer ones will be refused.',
    ])
    await htable.rows(found[0]?.mend ?? '')
    expect(await findings()).toEqual([fine])
  })

  it('doubts names that are there twice, and says how to mend them', async () => {
    for (const value of ['1', '2', '3']) await htable.insert('a', value)
    for (const name of ['b', 'b', 'c', 'd', 'd', 'e', 'e', 'f', 'f', 'g', 'g']) await htable.insert(name, 'x')
    const [, doubt] = await findings()
    expect(doubt).toMatchObject({
      state: 'doubtful',
      sentence:
        'The htable public.htable has several rows of the same name, of which the last counts: a, b, d, e, f, and 1 more.',
    })
    await htable.rows(doubt?.mend ?? '')
    expect(await findings()).toEqual([fine])
    expect(await htable.rows("SELECT key_value FROM htable WHERE key_name = 'a'")).toEqual([{ key_value: '3' }])
  })

  it("compares with Kamailio's table of versions", async () => {
    await htable.rows('CREATE TABLE version (id serial, table_name varchar(32), table_version int)')
    expect(await findings()).toEqual([fine])
    await htable.rows("INSERT INTO version (table_name, table_version) VALUES ('htable', 2)")
    expect(await findings()).toEqual([
      fine,
      { state: 'right', sentence: "Kamailio's table of versions says 2 of htable." },
    ])
    await htable.rows('UPDATE version SET table_version = 9')
    expect((await findings())[1]).toMatchObject({ state: 'doubtful' })
  })

  it('names each right that is missing, and grants of just those are enough', async () => {
    const role = `Visitor_${new URL(htable.url).pathname.slice(-32)}`
    await htable.rows(`CREATE ROLE "${role}" LOGIN PASSWORD 'x'`)
    const url = new URL(htable.url)
    ;[url.username, url.password] = [role, 'x']
    const database = connectDatabase({ url: url.href, name: 'It', purpose: 'test' })
    await htable.insert('a', '1')
    await htable.insert('a', '2')

    const found = await findings(database)
    expect(found.map(({ state, sentence }) => [state, sentence])).toEqual([
      ['wrong', `The role ${role} may not use the schema public.`],
      ['wrong', `The role ${role} may not SELECT on the htable public.htable.`],
      ['wrong', `The role ${role} may not INSERT on the htable public.htable.`],
      ['wrong', `The role ${role} may not DELETE on the htable public.htable.`],
      ['wrong', `The role ${role} may not draw ids from the sequence public.htable_id_seq.`],
    ])
    for (const { mend } of found) await htable.rows(mend ?? '')
    expect((await findings(database)).map(({ state }) => state)).toEqual(['right', 'doubtful'])
    const table = new PostgresCallerIdTable({ database, table: TableName.stock })
    await table.add({ name: 'b', value: 'c' })
    expect(await table.remove('b')).toBe(true)

    await database.close()
    await htable.rows(`DROP OWNED BY "${role}"`)
    await htable.rows(`DROP ROLE "${role}"`)
  })

  it('says that the database is away, and no password', async () => {
    const port = await closedPort()
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `postgres://kitter:se-cret@${host}:${port}/x`
      const [finding, ...rest] = await findings(connectDatabase({ url, name: 'It', purpose: 'test' }))
      expect(rest).toEqual([])
      expect(finding).toMatchObject({
        state: 'wrong',
        sentence: expect.stringMatching(
          /^The sip-proxy's database can't be used: connect ECONNREFUSED \S+\.$/,
        ) as unknown,
      })
      expect(JSON.stringify(finding)).not.toContain('se-cret')
    }
  })

  it.each([
    ["ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'", /is SQL_ASCII: it counts bytes/],
    ["ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'", /is LATIN1: names and values with other characters/],
  ])('doubts a database of %s', async (locale, doubt) => {
    await using other = await TestHtable.create({ locale })
    expect(await findings(other.database)).toEqual([
      { state: 'doubtful', sentence: expect.stringMatching(doubt) as unknown, mend: expect.any(String) as unknown },
      fine,
    ])
  })
})
