import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Shift } from '#core/reconciliation'
import { reconciliationsContract } from '../../core/reconciliation/application/reconciliations.contract.ts'
import { ComparisonSlice } from './comparison-slice.ts'
import { PostgresReconciliations } from './postgres-reconciliations.ts'
import { PostgresStaging } from './postgres-staging.ts'
import { ReconciliationLease } from './reconciliation-lease.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

const patience = { timeout: 15_000, interval: 20 }

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const reconciliationsOf = (seconds?: number): PostgresReconciliations =>
  new PostgresReconciliations(postgres.database, new ReconciliationLease(seconds))

async function clear(): Promise<void> {
  await postgres.database.rows('TRUNCATE kitter.reconciliations CASCADE')
}

async function leaseLeft(id: string): Promise<number> {
  const sql = 'SELECT extract(epoch FROM lease_until - now())::float8 AS left FROM kitter.reconciliations WHERE id = $1'
  const [lease] = await postgres.database.rows<{ readonly left: number }>(sql, id)
  return lease?.left ?? 0
}

reconciliationsContract('Postgres', () =>
  Promise.resolve({
    reconciliations: reconciliationsOf(),
    others: reconciliationsOf(),
    leaseSeconds: 30,
    leaseLeft,
    expireLease: async (id) => {
      await postgres.database.rows('UPDATE kitter.reconciliations SET lease_until = now() WHERE id = $1', id)
    },
    age: async (id, seconds) => {
      const sql = `
        UPDATE kitter.reconciliations SET started_at = moment, ended_at = CASE WHEN ended_at IS NOT NULL THEN moment END
        FROM (SELECT date_trunc('minute', now()) - make_interval(secs => $2) AS moment) AS moments WHERE id = $1`
      await postgres.database.rows(sql, id, seconds)
    },
    differences: async (id) =>
      (await postgres.database.rows('SELECT FROM kitter.reconciliation_differences WHERE reconciliation = $1', id))
        .length,
    clear,
  }),
)

describe('Postgres, besides', () => {
  beforeEach(clear)

  async function begun(seconds?: number): Promise<Shift> {
    const startedBy = { subject: 'somebody', name: 'Some Body', role: 'kitter-admin' } as const
    const policy = { apply: false, adopt: false, remove: false, force: false }
    await reconciliationsOf(seconds).add({ id: randomUUID(), policy, startedBy })
    const shift = await reconciliationsOf(seconds).takeOver()
    if (shift === undefined) throw new Error('somebody else has it')
    return shift
  }

  it('gives a shift the lease that it is told, by its own clock, and takes it over when that has run out', async () => {
    const { id } = await begun(0.5)
    expect(await leaseLeft(id)).toBeLessThanOrEqual(0.5)
    await expect.poll(() => reconciliationsOf(20).takeOver(), patience).toMatchObject({ id, tries: 2 })
    expect(await reconciliationsOf(0.5).takeOver()).toBeUndefined()
    const left = await leaseLeft(id)
    expect([left > 5, left <= 20]).toEqual([true, true])
  })

  it('takes away what was staged for those that have ended, and for no other', async () => {
    const staging = new PostgresStaging(postgres.database, new ComparisonSlice())
    const account = { loginName: 'jo', emailVerified: false, enabled: true, attributes: {} }
    const staged = async (id: string): Promise<void> => {
      await staging.addAccounts(id, [{ ...account, id: randomUUID() }])
      await staging.addCommunicationsUsers(id, [{ id: randomUUID(), user: { domain: 'a.b', username: 'jo' } }])
      await staging.compare(id, undefined)
    }
    const left = async (id: string): Promise<number> => {
      const sql = `
        SELECT FROM kitter.staged_accounts WHERE reconciliation = $1
        UNION ALL SELECT FROM kitter.staged_communications_users WHERE reconciliation = $1
        UNION ALL SELECT FROM kitter.suspects WHERE reconciliation = $1`
      return (await postgres.database.rows(sql, id)).length
    }
    const ended = await begun()
    await staged(ended.id)
    await reconciliationsOf().cancel(ended.id)
    const running = await begun()
    await staged(running.id)
    expect([await left(ended.id), await left(running.id)]).toEqual([4, 4])
    expect(await reconciliationsOf().forgetSome(1000)).toBe(0)
    expect([await left(ended.id), await left(running.id)]).toEqual([0, 4])
  })

  it('counts and lists differences by indexes, however many there are', async () => {
    const { id } = await begun()
    await postgres.database.rows(
      `INSERT INTO kitter.reconciliation_differences (reconciliation, about, subject, outcome, difference)
      SELECT $1, 'user', n, CASE WHEN n % 100 = 0 THEN 'left' ELSE 'found' END, '{}' FROM generate_series(1, 30000) AS n`,
      id,
    )
    await postgres.database.rows('VACUUM ANALYZE kitter.reconciliation_differences')
    const plan = async (sql: string): Promise<string> =>
      JSON.stringify(await postgres.database.rows(`EXPLAIN SELECT ${sql}`))
    const of = `FROM kitter.reconciliation_differences WHERE reconciliation = '${id}'`
    expect(await plan(`difference ${of} AND outcome = 'left' ORDER BY number LIMIT 100`)).toContain(
      'differences_outcome',
    )
    expect(await plan(`difference ${of} ORDER BY number LIMIT 100`)).toContain('differences_pkey')
    expect(await plan(`count(*) ${of} AND outcome = 'left'`)).toContain('Index Only Scan')
    expect((await reconciliationsOf().find(id))?.differences).toMatchObject({ found: 29_700, left: 300 })
  })
})
