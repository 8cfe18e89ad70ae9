import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StartError } from '#kernel'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'
import { emptyDatabase, run } from './test-postgres.fixture.ts'

const resources = new AsyncDisposableStack()
let url: string
beforeAll(async () => {
  url = await emptyDatabase(resources)
})
afterAll(() => resources.disposeAsync())

const secret = 'correct-horse-7788'

/** The database's address with something else in it. */
function changed(parts: Partial<Pick<URL, 'port' | 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(url), parts).href
}

/** What kitter says when it can't start on an address; the secret in it is nowhere in what is thrown. */
async function refusal(address: string): Promise<string> {
  const error: unknown = await openDatabase({ url: address, schema: 'kitter', migrations }).then(
    () => expect.fail('it was opened'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartError)
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret)
  return error instanceof StartError ? error.message : ''
}

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

describe("kitter's sentence for a database that it can't use", () => {
  it('says that nobody answers there', async () => {
    const port = await closedPort()
    const said = `kitter can't use the database of DATABASE_URL: connect ECONNREFUSED 127.0.0.1:${port}.`
    expect(await refusal(changed({ port, password: secret }))).toBe(said)
    expect(await refusal(`postgres://somebody:${secret}@localhost:${port}/kitter`)).toMatch(
      /^kitter can't use the database of DATABASE_URL: connect ECONNREFUSED .*\.$/,
    )
  })

  it('says that no such host is known', async () => {
    expect(await refusal(`postgres://somebody:${secret}@nowhere.invalid/kitter`)).toMatch(
      /^kitter can't use the database of DATABASE_URL: getaddrinfo E\w+ nowhere\.invalid\.$/,
    )
  })

  it('says that the password is wrong', async () => {
    expect(await refusal(changed({ password: secret }))).toBe(
      `kitter can't use the database of DATABASE_URL: password authentication failed for user "kitter".`,
    )
    expect(await refusal(changed({ username: 'nobody', password: secret }))).toBe(
      `kitter can't use the database of DATABASE_URL: password authentication failed for user "nobody".`,
    )
  })

  it('says that a database is missing', async () => {
    expect(await refusal(changed({ pathname: 'missing' }))).toBe(
      `kitter can't use the database of DATABASE_URL: database "missing" does not exist.`,
    )
  })

  it('says that a database cannot keep every text', async () => {
    await using own = new AsyncDisposableStack()
    const address = await emptyDatabase(own, "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    expect(await refusal(address)).toBe(
      "kitter needs a database in UTF8; that of DATABASE_URL is in SQL_ASCII: use another, made with TEMPLATE template0 ENCODING 'UTF8'.",
    )
    expect(await run(address, "SELECT FROM pg_namespace WHERE nspname = 'kitter'")).toEqual([])
  })

  it('says that who answers there is no Postgres', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const port = String((server.address() as AddressInfo).port)
      expect(await refusal(changed({ port, password: secret }))).toMatch(
        /^kitter can't use the database of DATABASE_URL: .+\.$/,
      )
    } finally {
      server.close()
    }
  })

  it('says that an address is none', async () => {
    for (const address of [`postgres://a:${secret}%@127.0.0.1/x`, `postgres://a:${secret}#@127.0.0.1/x`]) {
      expect(await refusal(address)).toMatch(/^kitter can't use the database of DATABASE_URL: .+\.$/)
    }
  })

  it('says that it may not write there', async () => {
    const name = `visitor_${new URL(url).pathname.slice(-32)}`
    await run(url, `CREATE ROLE ${name} LOGIN PASSWORD '${secret}'`)
    try {
      expect(await refusal(changed({ username: name, password: secret }))).toMatch(
        /^kitter can't use the database of DATABASE_URL: permission denied for database test_\w+\.$/,
      )
    } finally {
      await run(url, `DROP ROLE ${name}`)
    }
  })
})

it('what could not be opened leaves no connection behind', async () => {
  class Broken1790000000009 {
    up = (): Promise<void> => Promise.reject(new Error('broken'))
    down = (): Promise<void> => Promise.resolve()
  }
  const opening = openDatabase({ url, schema: 'broken', migrations: [Broken1790000000009] })
  await expect(opening).rejects.toThrow("kitter can't use the database of DATABASE_URL: broken.")
  const connections = "SELECT pid FROM pg_stat_activity WHERE application_name = 'kitter (broken)'"
  await expect.poll(() => run(url, connections), { timeout: 10_000, interval: 10 }).toEqual([])
})

it('a password may have any character', async () => {
  const password = `${secret} /?#[]@:%é'"\\&=+`
  const name = `owner_${new URL(url).pathname.slice(-32)}`
  await run(url, `CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password.replaceAll("'", "''")}'`)
  const address = changed({ username: name, password: encodeURIComponent(password) })
  const database = await openDatabase({ url: address, schema: 'owned', migrations: [] })
  expect(await database.rows('SELECT current_user AS name')).toEqual([{ name }])
  await database.close()
  await run(url, `DROP SCHEMA owned CASCADE`)
  await run(url, `DROP ROLE ${name}`)
})
