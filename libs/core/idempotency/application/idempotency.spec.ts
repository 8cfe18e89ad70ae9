import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RepeatableRequest } from '#core/provisioning'
import { IdempotencyLease } from '../../../infrastructure/postgres/idempotency-lease.ts'
import { PostgresIdempotencyKeys } from '../../../infrastructure/postgres/postgres-idempotency-keys.ts'
import { TestPostgres } from '../../../infrastructure/postgres/test-postgres.fixture.ts'
import { Idempotency } from './idempotency.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

it('A request that has come before is asked after in the journal, and only such a one', async () => {
  const idempotency = new Idempotency(new PostgresIdempotencyKeys(postgres.database, new IdempotencyLease()))
  const actor = { subject: 'somebody', name: 'somebody', role: 'kitter-admin' } as const
  const key = randomUUID()
  const seen: (RepeatableRequest | undefined)[] = []
  const ask = (work: () => Promise<unknown>) =>
    idempotency.once({ actor, key, line: 'POST /users', body: {} }, () => {
      seen.push(RepeatableRequest.take())
      return work()
    })
  await ask(async () => {
    // its replica is taken for dead, and it comes again
    await postgres.database.rows('UPDATE kitter.idempotency_keys SET lease_until = now() WHERE key = $1', key)
    return ask(() => Promise.resolve('done'))
  })
  expect(seen.map((request) => request?.hasComeBefore)).toEqual([false, true])
  expect(seen[0]?.id).toBe(seen[1]?.id)
})
