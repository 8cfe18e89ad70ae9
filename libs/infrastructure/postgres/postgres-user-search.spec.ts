import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import type { SearchCriteria } from '#core/search'
import { userSearchContract } from '../../core/search/application/user-search.contract.ts'
import { PostgresMarkKey } from './postgres-mark-key.ts'
import { PostgresUserSearch } from './postgres-user-search.ts'
import { SearchTimeLimit } from './search-time-limit.ts'
import { locales, run, TestPostgres } from './test-postgres.fixture.ts'

const everybody = { everything: true } as const
const all: SearchCriteria = { terms: [], match: 'folded', sort: { key: 'username', descending: false } }

async function addCrowd({ url }: TestPostgres, domain: string, size: number): Promise<void> {
  await run(
    url,
    `INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, last_name, attributes, communications_id)
    SELECT gen_random_uuid(), name, $1, name || '@' || $1, false, true, 'Crowd', '{}', n
    FROM (SELECT n, 'crowd-' || lpad(n::text, 6, '0') AS name FROM generate_series(1, $2::int) n) AS crowd`,
    domain,
    size,
  )
  await run(url, 'ANALYZE kitter.users')
}

describe.each(locales)('over a server $server', ({ locale }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  userSearchContract('Postgres', () =>
    Promise.resolve({
      search: new PostgresUserSearch(postgres.database, new SearchTimeLimit()),
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
      const search = new PostgresUserSearch(postgres.database, new SearchTimeLimit(50))
      await expect(search.find(everybody, all, 10, undefined)).rejects.toMatchObject({
        kind: 'invalid',
        code: 'search.too_slow',
      })
    } finally {
      await other.end()
    }
  })

  it('leaves the time-out and the plans of everybody else as they are', async () => {
    await addCrowd(postgres, 'example.com', 12_000)
    const search = new PostgresUserSearch(postgres.database, new SearchTimeLimit(2345))
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
    const search = new PostgresUserSearch(gone.database, new SearchTimeLimit())
    await expect(search.find(everybody, all, 10, undefined)).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('has one key for marks, at every replica', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => new PostgresMarkKey(postgres.database).read()))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
  })
})
