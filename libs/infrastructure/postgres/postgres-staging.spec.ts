import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StagingBench, stagingContract } from '../../core/reconciliation/application/staging.contract.ts'
import { stagingDriftContract } from '../../core/reconciliation/application/staging-drift.contract.ts'
import { ComparisonSlice } from './comparison-slice.ts'
import { PostgresStaging } from './postgres-staging.ts'
import { locales, TestPostgres } from './test-postgres.fixture.ts'

const [byCodePoint, asInSpanish] = locales
const benches = [
  { ...byCodePoint, size: new ComparisonSlice().size },
  { ...byCodePoint, size: 1 },
  { ...asInSpanish, size: 3 },
]

describe.each(benches)('over a server $server, $size at a time', ({ locale, size }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const setUp = (): Promise<StagingBench> =>
    Promise.resolve({
      staging: new PostgresStaging(postgres.database, new ComparisonSlice(size)),
      records: postgres.users,
      transaction: (work) => postgres.transaction(work),
      addDomain: (name) => postgres.addDomain(name),
      reconciliation: async () => {
        const id = randomUUID()
        const sql = `
          INSERT INTO kitter.reconciliations (id, policy, started_by, state, phase, counts)
          VALUES ($1, '{}', '{}', 'done', 'comparison', '{}')`
        await postgres.database.rows(sql, id)
        return id
      },
      clear: async () => {
        await postgres.database.rows(
          'TRUNCATE kitter.domains, kitter.staged_accounts, kitter.staged_communications_users, kitter.suspects CASCADE',
        )
      },
    })
  stagingContract('Postgres', setUp)
  stagingDriftContract('Postgres', setUp)

  it('Postgres: staging: clears and forgets any number, and nothing of another reconciliation', async () => {
    const staging = new PostgresStaging(postgres.database, new ComparisonSlice())
    const [one, other] = [randomUUID(), randomUUID()]
    const fill = (table: string, columns: string, values: string): Promise<unknown> =>
      postgres.database.rows(
        `INSERT INTO kitter.${table} (reconciliation, ${columns})
        SELECT reconciliation, ${values} FROM unnest($1::uuid[]) AS reconciliation, generate_series(1, 45000) AS n`,
        [one, other],
      )
    const left = (table: string): Promise<unknown[]> =>
      postgres.database.rows(
        `SELECT reconciliation, count(*)::int FROM kitter.${table} WHERE reconciliation = ANY ($1) GROUP BY 1`,
        [one, other],
      )
    await fill('staged_accounts', 'is_user_id, id, digest', "false, n::text, ''")
    await staging.clear(one, 'accounts')
    expect(await left('staged_accounts')).toEqual([{ reconciliation: other, count: 45_000 }])
    await fill('suspects', 'number, user_id', 'n, n::text')
    await staging.forget(one)
    expect(await left('suspects')).toEqual([{ reconciliation: other, count: 45_000 }])
    await staging.forget(other)
    for (const table of ['staged_accounts', 'suspects']) expect(await left(table)).toEqual([])
  })
})
