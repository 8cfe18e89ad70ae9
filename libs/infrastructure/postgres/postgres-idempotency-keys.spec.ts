import { createHash, createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KeyedRequest, KeyTurn } from '#core/idempotency'
import type { DomainError } from '#kernel'
import { idempotencyKeysContract } from '../../core/idempotency/application/idempotency-keys.contract.ts'
import { IdempotencyLease } from './idempotency-lease.ts'
import { PostgresIdempotencyKeys } from './postgres-idempotency-keys.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const newKeys = () => new PostgresIdempotencyKeys(postgres.database, new IdempotencyLease())
const actor = { subject: 'somebody', name: 'Some Body', role: 'kitter-admin' } as const

async function begin(idempotency: string): Promise<string> {
  const id = randomUUID()
  await postgres.operations().begin({ id, kind: 'test', subject: id, actor, claims: [], idempotency })
  return id
}

async function update(set: string, { subject, key }: KeyedRequest, ...parameters: unknown[]): Promise<void> {
  const sql = `UPDATE kitter.idempotency_keys SET ${set} WHERE subject = $1 AND key = $2`
  await postgres.database.rows(sql, subject, key, ...parameters)
}

async function operation({ id: idempotency }: KeyTurn, state: string): Promise<string> {
  const id = await begin(idempotency)
  const turn = { id, turn: 0 }
  const progress = { state: {}, steps: [] }
  const postponed = { settling: 'undo', reason: 'no', seconds: 100, stuck: state === 'stuck' } as const
  if (state === 'done') await postgres.operations().finish(turn, [], () => Promise.resolve(), { name: 'Anna' })
  else if (state === 'undone') await postgres.operations().abandon(turn, [], 'no')
  else if (state !== 'open') await postgres.operations().postpone(turn, progress, postponed)
  return id
}

idempotencyKeysContract('Postgres', () =>
  Promise.resolve({
    keys: newKeys(),
    others: newKeys(),
    expireLease: (request) => update('lease_until = now()', request),
    age: (request, seconds) => update('seen_at = now() - make_interval(secs => $3)', request, seconds),
    operation,
    hasResult: async ({ id }) =>
      (await postgres.database.rows('SELECT FROM kitter.operations WHERE idempotency = $1 AND result IS NOT NULL', id))
        .length > 0,
  }),
)

it('Postgres: idempotency keys: are no hash that somebody could try requests against', async () => {
  const text = 'POST /users\n{"password":"guess"}'
  const key = randomUUID()
  await newKeys().begin({ subject: 'somebody', key, text })
  const sql = 'SELECT fingerprint FROM kitter.idempotency_keys WHERE key = $1'
  const [row] = await postgres.database.rows<{ readonly fingerprint: Buffer }>(sql, key)
  const [secret] = await postgres.database.rows<{ readonly value: Buffer }>('SELECT value FROM kitter.secrets')
  expect(row?.fingerprint).not.toEqual(createHash('sha256').update(text).digest())
  expect(row?.fingerprint).toEqual(
    createHmac('sha256', secret?.value ?? '')
      .update(text)
      .digest(),
  )
})

it('The journal takes one operation of a request at a time, and recalls it with what it gave', async () => {
  const request = randomUUID()
  const operations = postgres.operations()
  expect(await operations.recall(request)).toBeUndefined()
  const undone = await begin(request)
  expect(await operations.recall(request)).toEqual({ id: undone, isDone: false, result: undefined })
  await expect(begin(request)).rejects.toMatchObject({ code: 'operation.in_progress' } satisfies Partial<DomainError>)
  await operations.abandon({ id: undone, turn: 0 }, [], 'no')
  expect(await operations.recall(request)).toBeUndefined()
  const done = await begin(request)
  const result = { z: ['é', null], a: { '7': 1 } }
  await operations.finish({ id: done, turn: 0 }, [], () => Promise.resolve(), result)
  const recalled = await operations.recall(request)
  expect(recalled).toEqual({ id: done, isDone: true, result })
  expect(Object.keys(Object(recalled?.result))).toEqual(['z', 'a'])
})

it('The journal keeps no result that nobody will ask for', async () => {
  const id = randomUUID()
  await postgres.operations().begin({ id, kind: 'test', subject: id, actor, claims: [] })
  await postgres.operations().finish({ id, turn: 0 }, [], () => Promise.resolve(), { name: 'Anna' })
  expect(await postgres.database.rows('SELECT result FROM kitter.operations WHERE id = $1', id)).toEqual([
    { result: null },
  ])
})
