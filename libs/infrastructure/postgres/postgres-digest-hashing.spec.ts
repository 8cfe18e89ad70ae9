import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDigestHashing } from './postgres-digest-hashing.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

const resources = new AsyncDisposableStack()
let postgres: TestPostgres
beforeAll(async () => {
  postgres = resources.use(await TestPostgres.start())
})
afterAll(() => resources.disposeAsync())

const place = { name: 'a', domain: 'example.com' }

describe('Many digests that are tried at once', () => {
  it('keep no new password waiting', async () => {
    const hashing = new PostgresDigestHashing(postgres.database)
    await hashing.hash('digest', place, 'new')
    let hashed = 0
    const tries = Array.from({ length: 40 }, async () => {
      await hashing.hash('digest', place, 'tried')
      hashed += 1
    })
    await hashing.hash('digest', place, 'new')
    expect(hashed).toBeLessThan(20)
    await Promise.all(tries)
  })

  it('are told so where it would take too long, and the others are hashed', async () => {
    const hashing = new PostgresDigestHashing(postgres.database, { new: 60_000, tried: 100 })
    const tries = Array.from({ length: 60 }, () => hashing.hash('digest', place, 'tried'))
    const outcomes = await Promise.allSettled(tries)
    const refusals = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled' })
    expect(refusals.length).toBeGreaterThan(0)
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ kind: 'unavailable', code: 'service.unavailable', details: { retryAfter: 5 } })
    expect(await hashing.hash('digest', place, 'tried')).toMatch(/^\$argon2id\$/)
  })
})
