import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDatabase } from './connect-database.ts'
import type { Database } from './database.ts'
import { emptyDatabase, run } from './test-postgres.fixture.ts'

const sentence = 'The archive does not answer. Nothing was changed.'

let resources: AsyncDisposableStack
let url: string
beforeEach(async () => {
  resources = new AsyncDisposableStack()
  url = await emptyDatabase(resources)
})
afterEach(() => resources.disposeAsync())

function connected(changes: Partial<Pick<URL, 'pathname' | 'password' | 'port'>> = {}): Database {
  const address = Object.assign(new URL(url), changes).href
  const database = connectDatabase({ url: address, name: 'The archive', purpose: 'archive' })
  resources.defer(() => database.close())
  return database
}

const connections = (): Promise<unknown[]> =>
  run(url, "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kitter (archive)'")

describe("somebody else's database", () => {
  it('is connected to when it is first asked', async () => {
    const database = connected()
    expect([await connections(), database.pool()]).toEqual([[], { total: 0, idle: 0, waiting: 0 }])
    const answers = await Promise.all([1, 2, 3].map((n) => database.rows('SELECT $1::int AS n', n)))
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
    expect(await connections()).not.toEqual([])
  })

  it('gets no schema, no table, nothing', async () => {
    await connected().ping()
    const sql = "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    expect(await run(url, sql)).toEqual([{ name: 'public' }])
    expect(await run(url, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([])
  })

  it.each([{ password: 'se-cret' }, { pathname: 'missing' }, { port: '1' }])(
    'that is not at %j is called away',
    async (changes) => {
      for (const ask of [
        () => connected(changes).ping(),
        () => connected(changes).transaction(() => Promise.resolve()),
      ])
        await expect(ask()).rejects.toMatchObject({
          kind: 'unavailable',
          message: sentence,
          details: { retryAfter: 5 },
        })
    },
  )

  it('is asked again after it was away', async () => {
    const name = new URL(url).pathname.slice(1)
    const server = Object.assign(new URL(url), { pathname: 'postgres' }).href
    const database = connected()
    for (let round = 0; round < 3; round++) {
      await run(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
      await run(server, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', name)
      await expect.poll(() => database.ping().catch((error: unknown) => String(error))).toContain(sentence)
      await run(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
      await database.ping()
    }
  })

  it('whose connection breaks under a statement has not answered in time', async () => {
    const database = connected()
    const failing = expect(database.rows('SELECT pg_sleep(600)')).rejects.toMatchObject({
      message: 'The archive did not answer in time.',
      details: { outcome: 'unknown' },
    })
    const end =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600%' AND datname = current_database()"
    await expect.poll(() => run(url, end), { timeout: 10_000, interval: 10 }).not.toEqual([])
    await failing
  })

  it('is left for good when it is closed, also before or while it is connected to', async () => {
    const [never, opening, open] = [connected(), connected(), connected()]
    await open.ping()
    const pinging = opening.ping().catch(() => undefined)
    for (const database of [never, opening, open]) await database.close()
    await pinging
    for (const database of [never, opening, open]) await expect(database.ping()).rejects.toThrow()
    await expect.poll(connections, { timeout: 10_000, interval: 10 }).toEqual([])
  })
})
