import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '#kernel'
import { parseDomainName } from '#core/domains'
import type { Found, SearchCriteria, UserSearch } from '#core/search'
import { userSearchContract } from '../../core/search/application/user-search.contract.ts'
import { newUserRecord } from '../../core/users/application/user-records.contract.ts'
import { expandingNames, ideographs } from './expanding-names.fixture.ts'
import { PostgresMarkKey } from './postgres-mark-key.ts'
import { PostgresUserSearch } from './postgres-user-search.ts'
import { SearchLimits } from './search-limits.ts'
import { locales, run, TestPostgres } from './test-postgres.fixture.ts'

const everybody = { everything: true } as const
const sorts = (['username', 'last_name', 'created_at'] as const).flatMap((key) =>
  [false, true].map((descending) => ({ key, descending })),
)
const all: SearchCriteria = { terms: [], match: 'folded', sort: { key: 'username', descending: false } }

async function insertCrowd({ url }: TestPostgres, domain: string, size: number, name: string): Promise<void> {
  await run(
    url,
    `INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, last_name, attributes, communications_id)
    SELECT gen_random_uuid(), name, $1, name || '@' || $1, false, true, 'Crowd', '{}', n
    FROM (SELECT n, $3 || '-' || lpad(n::text, 6, '0') AS name FROM generate_series(1, $2::int) n) AS crowd`,
    domain,
    size,
    name,
  )
}

async function addCrowd(postgres: TestPostgres, domain: string, size: number): Promise<void> {
  await insertCrowd(postgres, domain, size, 'crowd')
  await run(postgres.url, 'ANALYZE kitter.users')
}

describe.each(locales)('over a server $server', ({ locale }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  userSearchContract('Postgres', () =>
    Promise.resolve({
      search: new PostgresUserSearch(postgres.database, new SearchLimits()),
      add: (...records) =>
        postgres.transaction(async (within) => {
          for (const record of records) await postgres.users.add(record, within)
        }),
      replace: (record) => postgres.transaction((within) => postgres.users.replace(record, within)),
      remove: (id) => postgres.transaction((within) => postgres.users.remove(id, within)),
      addDomain: (name, parent) => postgres.addDomain(name, parent),
      addCrowd: (domain, size) => addCrowd(postgres, domain, size),
    }),
  )
})

describe('A search', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start()
    await postgres.addDomain(parseDomainName('example.com'))
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  it('that takes too long is given up, and says so', async () => {
    const other = new pg.Client({ connectionString: postgres.url })
    await other.connect()
    try {
      await other.query('BEGIN; LOCK TABLE kitter.users IN ACCESS EXCLUSIVE MODE')
      const search = new PostgresUserSearch(postgres.database, new SearchLimits({ milliseconds: 50 }))
      await expect(search.find(everybody, all, 10, undefined)).rejects.toMatchObject({
        kind: 'invalid',
        code: 'search.too_slow',
      })
    } finally {
      await other.end()
    }
  })

  it('waits for its turn, and is told when it does not come, while everything else goes on', async () => {
    const other = new pg.Client({ connectionString: postgres.url })
    await other.connect()
    try {
      await other.query('BEGIN; LOCK TABLE kitter.users IN ACCESS EXCLUSIVE MODE')
      const search = new PostgresUserSearch(postgres.database, new SearchLimits({ longestWaitMs: 50 }))
      const searches = Array.from({ length: 30 }, () =>
        search.find(everybody, all, 10, undefined).then(
          () => 'found',
          (error: unknown) => error,
        ),
      )
      const told = { kind: 'unavailable', code: 'search.crowded', details: { retryAfter: 5 } }
      for (const error of await Promise.all(searches.slice(3))) expect(error).toMatchObject(told)
      expect(await postgres.database.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
      await other.query('ROLLBACK')
      expect(await Promise.all(searches.slice(0, 3))).toEqual(['found', 'found', 'found'])
    } finally {
      await other.end()
    }
  })

  it('leaves the time-out and the plans of everybody else as they are', async () => {
    await addCrowd(postgres, 'example.com', 12_000)
    const search = new PostgresUserSearch(postgres.database, new SearchLimits({ mostSorted: 0 }))
    expect((await search.find(everybody, all, 10, undefined)).isEstimate).toBe(true)
    const sql = "SELECT current_setting('statement_timeout') AS timeout, current_setting('enable_sort') AS sort"
    const settings = await Promise.all(Array.from({ length: 10 }, () => postgres.database.rows(sql)))
    expect(settings).toEqual(Array.from({ length: 10 }, () => [{ timeout: '10s', sort: 'on' }]))
  })

  it('is not told by a database that has gone', async () => {
    await using gone = await TestPostgres.start()
    await run(postgres.url, `ALTER DATABASE ${new URL(gone.url).pathname.slice(1)} ALLOW_CONNECTIONS false`)
    await run(
      postgres.url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      new URL(gone.url).pathname.slice(1),
    )
    const search = new PostgresUserSearch(gone.database, new SearchLimits())
    await expect(search.find(everybody, all, 10, undefined)).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('has one key for marks, at every replica', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => new PostgresMarkKey(postgres.database).read()))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
  })
})

describe('Among the users of others', () => {
  const sizes = { 'aa.example': 24_000, 'mid.example': 12_000, 'small.example': 50 }
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start()
    for (const [domain, size] of Object.entries(sizes)) {
      await postgres.addDomain(parseDomainName(domain))
      await addCrowd(postgres, domain, size)
    }
    await run(
      postgres.url,
      `UPDATE kitter.users SET last_name = 'Zorn', attributes = '{"dept": ["x"]}' WHERE domain <> 'aa.example'`,
    )
    await run(postgres.url, 'VACUUM ANALYZE kitter.users')
    // of whom Postgres doesn't know yet
    await insertCrowd(postgres, 'mid.example', 300, 'late')
  }, 120_000)
  afterAll(() => postgres[Symbol.asyncDispose]())

  const of = (domain: string): Scope => ({ everything: false, domain })
  const searching = (limits: Partial<SearchLimits> = {}): UserSearch =>
    new PostgresUserSearch(postgres.database, new SearchLimits(limits))

  /** The least of some, for others work on this machine, too. */
  async function milliseconds(work: () => Promise<unknown>): Promise<number> {
    const times: number[] = []
    for (let left = 5; left > 0; left--) {
      const begin = performance.now()
      await work()
      times.push(performance.now() - begin)
    }
    return Math.min(...times)
  }

  it('those of a domain are counted, and no others', async () => {
    for (const sort of sorts) {
      const { total, isEstimate } = await searching().find(of('mid.example'), { ...all, sort }, 10, undefined)
      expect([total, isEstimate]).toEqual([12_300, true])
    }
    const { total } = await searching({ mostSorted: 0 }).find(of('mid.example'), all, 10, undefined)
    expect(Math.abs(total - 12_300)).toBeLessThan(1200)
  })

  it('those of a small domain are found without a look at the others', async () => {
    const target = { attribute: 'dept' }
    const criteria = { ...all, terms: [{ kind: 'contains', target, value: 'x' }] } as const
    const find = (domain: string): Promise<Found> => searching().find(of(domain), criteria, 10, undefined)
    expect(await find('small.example')).toMatchObject({ total: 50, isEstimate: false })
    const [mid, small] = [
      await milliseconds(() => find('mid.example')),
      await milliseconds(() => find('small.example')),
    ]
    expect(small).toBeLessThan(mid / 4)
  })

  it('those of a domain are the same, whether they are sorted or come by an index', async () => {
    for (const sort of sorts) {
      const pages = [100_000, 5500, 0].map(async (mostSorted) => {
        const search = searching({ mostSorted })
        const { users } = await search.find(of('mid.example'), { ...all, sort }, 10, undefined)
        const next = await search.find(of('mid.example'), { ...all, sort }, 10, users.at(-1)?.position)
        return [...users, ...next.users].map(({ user }) => user.id)
      })
      const [sorted, ...others] = await Promise.all(pages)
      expect(new Set(sorted).size).toBe(20)
      expect(others).toEqual([sorted, sorted])
    }
  })
})

describe('A user with texts that folding makes much longer, and that hardly compress', () => {
  let postgres: TestPostgres
  let search: UserSearch
  const domain = parseDomainName('example.com')
  beforeAll(async () => {
    postgres = await TestPostgres.start()
    search = new PostgresUserSearch(postgres.database, new SearchLimits())
    await postgres.addDomain(domain)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const add = (fields: Omit<Parameters<typeof newUserRecord>[0], 'domain'>): Promise<void> =>
    postgres.transaction((within) =>
      postgres.users.add({ ...newUserRecord({ domain, ...fields }), loginName: randomUUID() }, within),
    )

  it('has the longest of names, in their order', async () => {
    const { firstName, lastName } = expandingNames()
    await add({ username: 'first', firstName, lastName })
    await add({ username: 'second', firstName: lastName, lastName: firstName })
    for (const descending of [false, true]) {
      const criteria: SearchCriteria = { ...all, sort: { key: 'last_name', descending } }
      const [one, other] = (await search.find(everybody, criteria, 10, undefined)).users
      expect(Buffer.byteLength(one?.position.key ?? '')).toBeLessThanOrEqual(800)
      expect((await search.find(everybody, criteria, 10, one?.position)).users).toEqual([other])
    }
  })

  it('has the longest of everything else that is indexed', async () => {
    const text = ideographs.slice(0, 255)
    await add({ username: text, phoneNumber: text, email: `${text.slice(0, 240)}@a.example` })
    const found = await search.find(everybody, { ...all, quick: text }, 10, undefined)
    expect(found.users.map(({ user }) => user.phoneNumber)).toEqual([text])
  })

  it('has any number of attributes, of which a thousand values are searched', async () => {
    const values = Array.from({ length: 999 }, (_, index) => `value-${index}`)
    const keys = Array.from({ length: 200 }, (_, index) => `${'\ufdfa'.repeat(250)}${index}`)
    const attributes = { colour: ['red', ...values], ...Object.fromEntries(keys.map((key) => [key, values])) }
    await add({ username: 'many', attributes })
    const terms = [{ kind: 'equals', target: { attribute: 'colour' }, value: 'value-998' } as const]
    expect(await search.find(everybody, { ...all, terms }, 10, undefined)).toMatchObject({ total: 1 })
  })
})
