import { createHash, createHmac, randomUUID } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  if (state === 'done')
    await postgres.operations().finish(turn, [], () => Promise.resolve(), { result: { name: 'Anna' } })
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

describe('Postgres: what is kept of a request', () => {
  async function keptOf(text: string, key: string): Promise<Buffer | undefined> {
    await newKeys().begin({ subject: 'somebody', key, text })
    const sql = 'SELECT fingerprint FROM kitter.idempotency_keys WHERE key = $1'
    return (await postgres.database.rows<{ readonly fingerprint: Buffer }>(sql, key))[0]?.fingerprint
  }

  async function secret(): Promise<Buffer> {
    const [row] = await postgres.database.rows<{ readonly value: Buffer }>(
      "SELECT value FROM kitter.secrets WHERE name = 'idempotency'",
    )
    return row?.value ?? Buffer.alloc(0)
  }

  const hmac = async (text: string): Promise<Buffer> =>
    createHmac('sha256', await secret())
      .update(text)
      .digest()

  it('is no hash that somebody could try requests against who has read it only', async () => {
    const text = 'POST /users\n{"username":"guess"}'
    const kept = await keptOf(text, randomUUID())
    expect(kept).not.toEqual(createHash('sha256').update(text).digest())
    expect(kept).toEqual(await hmac(text))
  })

  it('costs whoever has copied everything as much for each guess at a password as the hash of a password does', async () => {
    const text = 'POST /users\n{"password":"guess"}'
    const [one, other] = [randomUUID(), randomUUID()]
    const kept = await keptOf(text, one)
    expect(kept).not.toEqual(await hmac(text))
    const salt = (await hmac(JSON.stringify(['somebody', one]))).subarray(0, 16)
    const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }
    expect(kept).toEqual(await hashRaw(text, { ...cost, salt }))
    expect(await keptOf(text, other)).not.toEqual(kept)
  })
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
  await operations.finish({ id: done, turn: 0 }, [], () => Promise.resolve(), { result })
  const recalled = await operations.recall(request)
  expect(recalled).toEqual({ id: done, isDone: true, result })
  expect(Object.keys(Object(recalled?.result))).toEqual(['z', 'a'])
})

it('The journal keeps no result that nobody will ask for', async () => {
  const id = randomUUID()
  await postgres.operations().begin({ id, kind: 'test', subject: id, actor, claims: [] })
  await postgres.operations().finish({ id, turn: 0 }, [], () => Promise.resolve(), { result: { name: 'Anna' } })
  expect(await postgres.database.rows('SELECT result FROM kitter.operations WHERE id = $1', id)).toEqual([
    { result: null },
  ])
})
