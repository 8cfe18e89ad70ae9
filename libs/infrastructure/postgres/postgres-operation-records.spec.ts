import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operationRecordsContract } from '../../core/provisioning/application/operation-records.contract.ts'
import { PostgresOperationRecords } from './postgres-operation-records.ts'
import { run, TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const clear = async (): Promise<void> => {
  await postgres.database.rows('TRUNCATE kitter.operations CASCADE')
}

operationRecordsContract('Postgres', () =>
  Promise.resolve({
    records: new PostgresOperationRecords(postgres.database),
    operations: postgres.operations(),
    age: async (id, seconds) => {
      const sql = `
        UPDATE kitter.operations SET started_at = moment, ended_at = CASE WHEN ended_at IS NOT NULL THEN moment END
        FROM (SELECT date_trunc('minute', now()) - make_interval(secs => $2) AS moment) AS moments WHERE id = $1`
      await postgres.database.rows(sql, id, seconds)
    },
    clear,
  }),
)

describe('Postgres, besides', () => {
  it('keeps what an idempotency key leads to, however old', async () => {
    await clear()
    const records = new PostgresOperationRecords(postgres.database)
    const [kept, loose] = [randomUUID(), randomUUID()]
    await run(
      postgres.url,
      `INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until, ended_at, idempotency)
      SELECT id, 'test', 'test', 'test', 'done', now(), now() - interval '1 year', id FROM unnest($1::uuid[]) AS id`,
      [kept, loose],
    )
    await run(
      postgres.url,
      "INSERT INTO kitter.idempotency_keys (subject, key, id, fingerprint, lease_until) VALUES ('a', 'b', $1, '', now())",
      kept,
    )
    expect(await records.forgetSome(1)).toBe(1)
    expect(await records.find(kept)).toBeDefined()
    expect(await records.find(loose)).toBeUndefined()
  })

  it('answers from indexes, however many operations there have been', async () => {
    await clear()
    await run(
      postgres.url,
      `INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until, started_at, ended_at)
      SELECT gen_random_uuid(), 'test', 's' || n % 5000, 'a' || n % 500, 'done', now(), now() - n * interval '1 minute', now()
      FROM generate_series(1, 30000) AS n`,
    )
    await run(postgres.url, 'ANALYZE kitter.operations')
    const plan = async (sql: string): Promise<string> => JSON.stringify(await run(postgres.url, `EXPLAIN ${sql}`))
    const list = (where: string): string =>
      `SELECT * FROM kitter.operations ${where} ORDER BY started_at DESC, id DESC LIMIT 100`
    expect(await plan(list(''))).toContain('operations_started')
    expect(await plan(list("WHERE actor = 'a7'"))).toContain('operations_actor')
    expect(await plan(list("WHERE subject = 's7'"))).toContain('operations_subject')
    expect(await plan("SELECT count(*) FROM kitter.operations WHERE state = 'stuck'")).toContain('operations_stuck')
    const unsettled = "SELECT state, count(*) FROM kitter.operations WHERE state IN ('open', 'settling') GROUP BY state"
    expect(await plan(unsettled)).toContain('operations_unsettled')
  })
})
