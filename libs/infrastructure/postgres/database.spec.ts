import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'
import { run, TestPostgres } from './test-postgres.fixture.ts'

const unavailable = {
  kind: 'unavailable',
  code: 'service.unavailable',
  message: "kitter's database does not answer.",
  details: { retryAfter: 5 },
}
const patience = { timeout: 10_000, interval: 10 }
const secret = 'correct-horse-7788'

let postgres: TestPostgres
let database: Database
beforeAll(async () => {
  postgres = await TestPostgres.start()
  await run(postgres.url, 'CREATE TABLE notes (id serial PRIMARY KEY, text text UNIQUE)')
  database = postgres.database
})
afterAll(() => postgres[Symbol.asyncDispose]())
beforeEach(() => run(postgres.url, 'TRUNCATE notes RESTART IDENTITY'))

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it was done'),
    (reason: unknown) => reason,
  )
}

async function notes(): Promise<string[]> {
  return (await run<{ text: string }>(postgres.url, 'SELECT text FROM notes ORDER BY id')).map(({ text }) => text)
}

/** Does something to each connection of kitter's pool, and tells to how many. */
async function toEachConnection(deed: 'pg_terminate_backend' | 'pg_cancel_backend', state: string): Promise<number> {
  const done = await run(
    postgres.url,
    `SELECT ${deed}(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'kitter%' AND state = $1`,
    state,
  )
  return done.length
}

describe('a statement', () => {
  it('gives back rows', async () => {
    expect(await database.rows('SELECT $1::int AS n, $2 AS text, NULL AS nothing', 7, "'é")).toEqual([
      { n: 7, text: "'é", nothing: null },
    ])
    expect(await database.rows('SELECT * FROM notes')).toEqual([])
  })

  it('that changes something gives back what it returns', async () => {
    expect(await database.rows("INSERT INTO notes (text) VALUES ('a')")).toEqual([])
    expect(await database.rows("INSERT INTO notes (text) VALUES ('b') RETURNING id")).toEqual([{ id: 2 }])
    expect(await database.rows("UPDATE notes SET text = 'c' WHERE id = 2 RETURNING text")).toEqual([{ text: 'c' }])
    expect(await database.rows('DELETE FROM notes WHERE id = 1 RETURNING text')).toEqual([{ text: 'a' }])
    expect(await database.rows('DELETE FROM notes')).toEqual([])
  })

  it('that is refused leaves the connection fit for the next', async () => {
    for (let round = 0; round < 30; round++) await expect(database.rows('SELECT nothing')).rejects.toThrow('nothing')
    await database.ping()
  })
})

describe('a transaction', () => {
  it('writes all of it, and gives back what the work does', async () => {
    const result = await database.transaction(async (queries) => {
      await queries.rows("INSERT INTO notes (text) VALUES ('a')")
      await queries.rows("INSERT INTO notes (text) VALUES ('b')")
      expect(await notes()).toEqual([])
      return 'done'
    })
    expect(result).toBe('done')
    expect(await notes()).toEqual(['a', 'b'])
  })

  it('writes nothing when the work throws, and throws the same', async () => {
    const boom = new Error('boom')
    const working = database.transaction(async (queries) => {
      await queries.rows("INSERT INTO notes (text) VALUES ('a')")
      throw boom
    })
    await expect(working).rejects.toBe(boom)
    expect(await notes()).toEqual([])
  })

  it('writes nothing when a statement is refused', async () => {
    const working = database.transaction(async (queries) => {
      await queries.rows("INSERT INTO notes (text) VALUES ('a')")
      await queries.rows("INSERT INTO notes (text) VALUES ('a')")
    })
    await expect(working).rejects.toMatchObject({ name: 'StatementError', constraint: 'notes_text_key' })
    expect(await notes()).toEqual([])
  })

  it('has rows that it is given before whatever is asked next, and at its end', async () => {
    const note = 'INSERT INTO notes (text) SELECT * FROM unnest($1::text[])'
    const found = await database.transaction(async (queries) => {
      for (const text of ['a', 'b']) queries.insert(note, [text])
      const rows = await queries.rows('SELECT text FROM notes ORDER BY id')
      for (const text of ['c', 'd']) queries.insert(note, [text])
      return rows
    })
    expect(found).toEqual([{ text: 'a' }, { text: 'b' }])
    expect(await notes()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('inserts rows of each kind at once, in the order in which their kinds came', async () => {
    const [plain, doubled] = ['', ' || text'].map(
      (more) =>
        `INSERT INTO notes (id, text) SELECT id, text${more} FROM unnest($1::int[], $2::text[]) AS note (id, text)`,
    )
    await database.transaction(async (queries) => {
      queries.insert(plain ?? '', [1, 'a'])
      queries.insert(doubled ?? '', [2, 'a'])
      queries.insert(plain ?? '', [3, 'b'])
      const [order] = await queries.rows(
        'SELECT array_agg(id ORDER BY ctid) AS ids, count(DISTINCT cmin::text) AS statements FROM notes',
      )
      expect(order).toEqual({ ids: [1, 3, 2], statements: '2' })
    })
  })

  it('writes nothing when a row that it was given is refused at its end', async () => {
    const working = database.transaction(async (queries) => {
      await queries.rows("INSERT INTO notes (text) VALUES ('a')")
      queries.insert('INSERT INTO notes (text) SELECT * FROM unnest($1::text[])', ['a'])
    })
    await expect(working).rejects.toMatchObject({ name: 'StatementError', constraint: 'notes_text_key' })
    expect(await notes()).toEqual([])
  })

  it('gives its connection back either way', async () => {
    for (let round = 0; round < 30; round++) {
      await failureOf(database.transaction(() => Promise.reject(new Error('boom'))))
      await database.transaction((queries) => queries.rows('SELECT 1'))
    }
    const { total, idle, waiting } = database.pool()
    expect([idle, waiting]).toEqual([total, 0])
  })
})

describe('a connection that is ended by the server', () => {
  it('under a statement makes the database unavailable, without telling the values', async () => {
    const failing = failureOf(database.rows('SELECT pg_sleep(600), $1', secret))
    await expect.poll(() => toEachConnection('pg_terminate_backend', 'active'), patience).toBeGreaterThan(0)
    const failure = await failing
    expect(failure).toMatchObject(unavailable)
    expect(inspect(failure, { depth: null, showHidden: true })).not.toContain(secret)
  })

  it('while idle is replaced by another', async () => {
    await database.ping()
    expect(await toEachConnection('pg_terminate_backend', 'idle')).toBeGreaterThan(0)
    await expect.poll(() => database.pool().total, patience).toBe(0)
    await database.ping()
  })

  it('between the statements of a transaction fails it, whether or not that has been noticed', async () => {
    for (const untilNoticed of [
      () => Promise.resolve(),
      () => expect.poll(() => database.pool().total, patience).toBe(0),
    ]) {
      const failure = await failureOf(
        database.transaction(async (queries) => {
          await queries.rows("INSERT INTO notes (text) VALUES ('a')")
          await expect
            .poll(() => toEachConnection('pg_terminate_backend', 'idle in transaction'), patience)
            .toBeGreaterThan(0)
          await toEachConnection('pg_terminate_backend', 'idle')
          await untilNoticed()
          await queries.rows("INSERT INTO notes (text) VALUES ('b')")
        }),
      )
      expect(failure).toMatchObject(unavailable)
      await expect.poll(() => database.ping().then(() => 'fine'), patience).toBe('fine')
      expect(await notes()).toEqual([])
    }
  })

  it('before the end of a transaction fails it', async () => {
    const failure = await failureOf(
      database.transaction(async (queries) => {
        await queries.rows("INSERT INTO notes (text) VALUES ('a')")
        await expect
          .poll(() => toEachConnection('pg_terminate_backend', 'idle in transaction'), patience)
          .toBeGreaterThan(0)
      }),
    )
    expect(failure).toMatchObject(unavailable)
    expect(await notes()).toEqual([])
  })
})

it('a statement that is cancelled makes the database unavailable, and leaves the connection fit for the next', async () => {
  const failing = failureOf(database.rows('SELECT pg_sleep(600)'))
  await expect.poll(() => toEachConnection('pg_cancel_backend', 'active'), patience).toBeGreaterThan(0)
  expect(await failing).toMatchObject(unavailable)
  await database.ping()
})

/** A way to the database that can be cut. */
class Line implements AsyncDisposable {
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(url: string): Promise<Line> {
    const target = new URL(url)
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const near = new URL(url)
    near.port = String((server.address() as AddressInfo).port)
    const line = new Line(server, near.href)
    server.on('connection', (socket) => {
      const far = connect(Number(target.port), target.hostname)
      for (const end of [socket, far]) {
        line.sockets.add(end)
        end.on('error', () => undefined).on('close', () => line.cutOne(end === socket ? far : socket))
      }
      socket.pipe(far).pipe(socket)
    })
    return line
  }

  /** Nobody gets through, nor stays. */
  async cut(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  async mend(): Promise<void> {
    await once(this.server.listen(Number(new URL(this.url).port), '127.0.0.1'), 'listening')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.server.listening) await this.cut()
  }

  private cutOne(socket: Socket): void {
    socket.destroy()
    this.sockets.delete(socket)
  }
}

describe('a server that cannot be reached any more', () => {
  it('makes the database unavailable to all that asks, until it is back', async () => {
    await using line = await Line.to(postgres.url)
    await using resources = new AsyncDisposableStack()
    const distant = await openDatabase({ url: line.url, schema: 'kitter', migrations })
    resources.defer(() => distant.close())
    await distant.ping()
    await line.cut()
    const attempts = [
      distant.ping(),
      distant.rows('SELECT $1', secret),
      distant.transaction((queries) => queries.rows('SELECT 1')),
    ]
    for (const failure of await Promise.all(attempts.map(failureOf))) expect(failure).toMatchObject(unavailable)
    await expect.poll(() => distant.pool(), patience).toEqual({ total: 0, idle: 0, waiting: 0 })
    expect(await failureOf(distant.ping())).toMatchObject({ ...unavailable, cause: { code: 'ECONNREFUSED' } })
    await line.mend()
    await distant.ping()
  })

  it('fails what is under way', async () => {
    await using line = await Line.to(postgres.url)
    await using resources = new AsyncDisposableStack()
    const distant = await openDatabase({ url: line.url, schema: 'kitter', migrations })
    resources.defer(() => distant.close())
    const failing = failureOf(distant.rows("SELECT pg_sleep(600), 'distant'"))
    const sleeping = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%''distant''' AND state = 'active'"
    await expect.poll(() => run(postgres.url, sleeping), patience).toHaveLength(1)
    await line.cut()
    expect(await failing).toMatchObject(unavailable)
    // the server doesn't notice by itself before its statement ends
    await toEachConnection('pg_terminate_backend', 'active')
  })
})

describe('the pool', () => {
  it('counts its connections, and who waits for one', async () => {
    await using resources = new AsyncDisposableStack()
    const own = await openDatabase({ url: postgres.url, schema: 'kitter', migrations })
    resources.defer(() => own.close())
    const gate = Promise.withResolvers<unknown>()
    const holders = Array.from({ length: 12 }, () =>
      own.transaction(async (queries) => {
        await queries.rows('SELECT 1')
        await gate.promise
      }),
    )
    await expect.poll(() => own.pool(), patience).toEqual({ total: 10, idle: 0, waiting: 2 })
    gate.resolve(undefined)
    await Promise.all(holders)
    expect(own.pool()).toEqual({ total: 10, idle: 10, waiting: 0 })
  })

  it('leaves no connection behind when it is closed, and can be closed twice', async () => {
    const own = await openDatabase({ url: postgres.url, schema: 'another', migrations: [] })
    await own.ping()
    const connections = (): Promise<unknown[]> =>
      run(postgres.url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'kitter (another)'")
    expect(await connections()).not.toEqual([])
    await own.close()
    await expect.poll(connections, patience).toEqual([])
    await own.close()
    await expect(own.ping()).rejects.toThrow()
  })
})
