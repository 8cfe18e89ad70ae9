import { expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { isReplay, newKey, post } from './keyed-calls.fixture.ts'

it('A key is forgotten after IDEMPOTENCY_KEPT, in the background', async () => {
  await using kitter = await TestKitter.start({ IDEMPOTENCY_KEPT: '1 second' })
  await using look = await DatabaseLook.into(kitter)
  const key = newKey()
  expect((await post(kitter, '/users', { key, body: { user: { username: 'anna' } } })).status).toBe(201)
  await expect.poll(() => look.count('kitter.idempotency_keys'), { timeout: 20_000, interval: 50 }).toBe(0)
  const answer = await post(kitter, '/users', { key, body: { user: { username: 'berta' } } })
  expect([answer.status, isReplay(answer)]).toEqual([201, 'false'])
})

it('A key is kept until then', async () => {
  await using kitter = await TestKitter.start({ IDEMPOTENCY_KEPT: '2 hours' })
  await using look = await DatabaseLook.into(kitter)
  const call = { key: newKey(), body: { user: { username: 'anna' } } }
  await post(kitter, '/users', call)
  await look.rows("UPDATE kitter.idempotency_keys SET seen_at = now() - interval '119 minutes'")
  expect(isReplay(await post(kitter, '/users', call))).toBe('true')
})
