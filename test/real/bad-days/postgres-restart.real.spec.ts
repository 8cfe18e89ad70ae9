import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#infrastructure/embedded-postgres'
import { query } from '../../e2e/postgres.fixture.ts'
import { until } from '../../e2e/until.fixture.ts'
import { describeWith } from '../../support/real.ts'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'
import { BadDay, readinessOf, seen, unavailable } from './bad-day.fixture.ts'
import { Door } from '../../support/door.ts'
import { Load, type Outcome } from './load.fixture.ts'

const longestRequestMs = 15_000
const callers = 16
const recoveryMs = 5000

describeWith('keycloak', 'While sixteen callers create and read, and Postgres', () => {
  let dataDir: string
  let postgres: EmbeddedPostgres
  let door: Door
  let day: BadDay
  let kitter: TestKitter
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kitter-restart-'))
    postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
    door = await Door.before(postgres.url)
    day = await BadDay.dawn()
    kitter = await day.kitter({ DATABASE_URL: door.url })
  })
  afterAll(async () => {
    await day[Symbol.asyncDispose]()
    await door[Symbol.asyncDispose]()
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function restart(): Promise<void> {
    await postgres.stop()
    await door.shut()
    postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
    door.leadTo(postgres.url)
    await door.open()
  }

  /** As when the kernel kills one of its processes: all end, and it recovers by itself. */
  async function crash(): Promise<void> {
    const sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'kitter (kitter)' LIMIT 1"
    const [row] = await query(postgres.url, sql)
    process.kill((row as { readonly pid: number }).pid, 'SIGKILL')
  }

  it.each([
    ['restarts', restart],
    ['crashes', crash],
  ])('%s: no request hangs, and every answer is true', { timeout: 90_000 }, async (name, disturb) => {
    day.log.taken()
    const load = new Load(kitter, callers, name)
    await until('some users are there', () => load.successes('create') > 50)
    await disturb()
    const [creates, reads] = [load.successes('create'), load.successes('read')]
    await until('users are created again', () => load.successes('create') > creates + 50)
    expect(load.successes('read')).toBeGreaterThan(reads)
    const outcomes = await load.end()

    expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(longestRequestMs)
    for (const { kind, status, retryAfter } of outcomes) {
      expect(kind === 'read' ? [200, 503] : [201, 503, 504]).toContain(status)
      if (status === 503) expect(retryAfter).toBe('5')
    }
    const made = outcomes.filter(({ kind }) => kind === 'create')
    await expectTruth(made)
    await expectFree(made.filter(({ status }) => status === 503).slice(0, 60))
    expect(day.log.text.split('\n').filter((line) => line.includes('"stack"'))).toEqual([])
  })

  it('is away: kitter takes itself out, and tells the log once', async () => {
    day.log.taken()
    await door.shut()
    const down = { status: 503, state: undefined, away: ['postgres'] }
    for (let probe = 0; probe < 5; probe++) expect(await readinessOf(kitter)).toEqual(down)
    expect(seen(await kitter.call('GET', '/users'))).toEqual(unavailable)
    await door.open()
    await until('kitter is ready', async () => (await readinessOf(kitter)).state === 'ok')
    await until('users are listed', async () => (await kitter.call('GET', '/users')).status === 200)
    // background jobs tell it, too, at most every 30 seconds
    const others = ['request', 'background jobs are disturbed']
    const told = day.log.taken().filter(({ msg }) => !others.includes(msg))
    expect(told.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
      'error: postgres does not answer',
      'warn: request failed',
      'warn: postgres answers again',
    ])
  })

  /** A 503 says: try again. */
  async function expectFree(refused: readonly Outcome[]): Promise<void> {
    expect(refused.length).toBeGreaterThan(0)
    const create = (username = ''): Promise<Answer> => kitter.call('POST', '/users', { body: { user: { username } } })
    for (const { username } of refused)
      await until(`${username} is created`, async () => (await create(username)).status === 201, recoveryMs)
  }

  async function expectTruth(creates: readonly Outcome[]): Promise<void> {
    const accounts = await day.realm.admin.users.find({ max: 100_000 })
    const users: readonly { readonly username: string; readonly externalId: string }[] = await day.wacCore.call(
      'GET',
      'users',
    )
    const records = await query(postgres.url, 'SELECT id, username FROM kitter.users')
    const there = {
      keycloak: accounts.map(({ id, username }) => [username, id]),
      wacCore: users.map(({ username, externalId }) => [username, externalId]),
      kitter: records.map((record) => Object.values(record as object).toReversed()),
    }
    for (const [system, entries] of Object.entries(there)) {
      const ids = new Map(entries.map(([username, id]) => [username, id]))
      expect(ids.size, `names at ${system}`).toBe(entries.length)
      for (const { username, status, id } of creates) {
        if (status === 504) continue
        expect(ids.get(username), `${username} (${status}) at ${system}`).toBe(status === 201 ? id : undefined)
      }
    }
  }
})
