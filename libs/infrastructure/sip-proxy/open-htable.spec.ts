import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '#kernel'
import { connectDatabase, type Database } from '#infrastructure/postgres'
import { openHtable } from './open-htable.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'
import { closedPort, run, TestHtable } from './test-htable.fixture.ts'

const needed = true
let server: TestHtable
let own: Database
const resources = new AsyncDisposableStack()

const databaseOf = (url: string): Database => {
  const database = connectDatabase({ url, name: "kitter's database", purpose: 'test' })
  resources.defer(() => database.close())
  return database
}

beforeAll(async () => {
  server = resources.use(await TestHtable.create())
  own = databaseOf(server.url)
})
afterAll(() => resources.disposeAsync())
beforeEach(() => server.rows('DROP TABLE IF EXISTS htable'))

const tables = (): Promise<unknown> =>
  server.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")

describe("in kitter's own database", () => {
  it("the table is Kamailio's stock one, made where it's needed", async () => {
    const htable = await openHtable({ needed }, own, resources)
    await new PostgresCallerIdTable(htable).add({ name: 'a', value: 'b' })
    expect(await server.rows('SELECT * FROM public.htable')).toEqual([
      { id: 1, key_name: 'a', key_type: 0, value_type: 0, key_value: 'b', expires: 0 },
    ])
  })

  it("it isn't made where nobody needs it", async () => {
    await openHtable({ needed: false }, own, resources)
    expect(await tables()).toEqual([])
  })

  it('it stays as it is where it is there', async () => {
    await server.rows('CREATE TABLE htable (id serial, key_name varchar(99), key_value text, note text)')
    await server.rows("INSERT INTO htable (key_name, note) VALUES ('a', 'c')")
    const htable = await openHtable({ needed, table: 'HTABLE' }, own, resources)
    expect(await new PostgresCallerIdTable(htable).remove('a')).toBe(true)
    expect(await server.rows('SELECT note FROM htable')).toEqual([])
  })

  it('it is made once when several replicas start at once', async () => {
    const replicas = Array.from({ length: 8 }, () => databaseOf(server.url))
    await Promise.all(replicas.map((database) => database.ping()))
    for (let round = 0; round < 5; round++) {
      await server.rows('DROP TABLE IF EXISTS htable')
      await Promise.all(replicas.map((database) => openHtable({ needed }, database, resources)))
      expect(await tables()).toEqual([{ name: 'htable' }])
    }
  })

  it('it may have another name, in a schema that is there', async () => {
    await server.rows('CREATE SCHEMA sip')
    const htable = await openHtable({ needed, table: 'sip."Caller IDs"' }, own, resources)
    await new PostgresCallerIdTable(htable).add({ name: 'a', value: 'b' })
    expect(await server.rows('SELECT key_name FROM sip."Caller IDs"')).toEqual([{ key_name: 'a' }])
    await expect(openHtable({ needed, table: 'nowhere.htable' }, own, resources)).rejects.toThrow(
      /^CALLER_ID_ENABLED is on, and the sip-proxy's table nowhere\.htable is not .*schema "nowhere" does not exist/,
    )
  })

  it('it is asked for no right to make it where it is there, and a sentence says so where it is not', async () => {
    const role = `visitor_${new URL(server.url).pathname.slice(-32)}`
    await server.rows(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    resources.defer(async () => {
      await server.rows(`DROP OWNED BY ${role}`)
      await server.rows(`DROP ROLE ${role}`)
    })
    const url = new URL(server.url)
    ;[url.username, url.password] = [role, 'x']
    const visitor = databaseOf(url.href)
    const opening = openHtable({ needed }, visitor, resources)
    await expect(opening).rejects.toBeInstanceOf(StartError)
    await expect(opening).rejects.toThrow(
      /^CALLER_ID_ENABLED is on, and the sip-proxy's table public\.htable is not in kitter's database .*permission denied for schema public.*: make it /,
    )
    await openHtable({ needed }, own, resources)
    await openHtable({ needed }, visitor, resources)
    await visitor.close()
  })

  it('its name is one', async () => {
    await expect(openHtable({ needed, table: 'a;b' }, own, resources)).rejects.toThrow(/^HTABLE_TABLE must be/)
  })
})

describe('in another database', () => {
  it('nothing is changed, though it is needed', async () => {
    const htable = await openHtable({ url: server.url, needed }, own, resources)
    await expect(new PostgresCallerIdTable(htable).find('a')).rejects.toMatchObject({ code: 'system.refused' })
    expect(await tables()).toEqual([])
  })

  it('the table is used as it is', async () => {
    await using other = await TestHtable.create({ table: 'kamailio.ids', expires: 'varchar(16)' })
    const htable = await openHtable({ url: other.url, table: 'kamailio.ids', needed }, own, resources)
    await new PostgresCallerIdTable(htable).add({ name: 'a', value: 'b' })
    expect(await run(other.url, 'SELECT key_value FROM kamailio.ids')).toEqual([{ key_value: 'b' }])
    expect(await tables()).toEqual([])
  })

  it('it may be away when kitter starts', async () => {
    const url = `postgres://kitter:x@127.0.0.1:${await closedPort()}/x`
    const htable = await openHtable({ url, needed }, own, resources)
    await expect(htable.database.ping()).rejects.toMatchObject({
      message: "The sip-proxy's database does not answer. Nothing was changed.",
    })
  })

  it('its connections go with the resources', async () => {
    await using mine = new AsyncDisposableStack()
    const htable = await openHtable({ url: server.url, needed }, own, mine)
    await htable.database.ping()
    await mine.disposeAsync()
    await expect(htable.database.ping()).rejects.toThrow()
  })
})
