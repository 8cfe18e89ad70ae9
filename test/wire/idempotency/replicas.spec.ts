import { expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { isReplay, newKey, post } from './keyed-calls.fixture.ts'

it('Eight same requests at once over two replicas make one user, and all come to the same answer', async () => {
  await using one = await TestKitter.start()
  await using other = await TestKitter.start({ DATABASE_URL: one.databaseUrl })
  await using look = await DatabaseLook.into(one)
  const token = one.adminToken

  for (let round = 0; round < 10; round += 1) {
    const username = `user-${round}`
    const given = { key: newKey(), token, body: { user: { username, email: `${username}@example.com` } } }
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post(index % 2 === 0 ? one : other, '/users', given)),
    )
    for (const { status, body } of all)
      if (status !== 201) expect([status, body.code]).toEqual([409, 'operation.in_progress'])
    const done = all.filter(({ status }) => status === 201)
    expect(done.filter((answer) => isReplay(answer) === 'false')).toHaveLength(1)
    for (const kitter of [one, other]) {
      const again = await post(kitter, '/users', given)
      expect([again.status, again.text, isReplay(again)]).toEqual([201, done[0]?.text, 'true'])
    }
    expect(new Set(done.map(({ text }) => text)).size).toBe(1)
    expect(await look.usersNamed(username)).toEqual({ kitter: 1, keycloak: 1, wacCore: 1 })
  }
  expect(await look.count('kitter.secrets', "name = 'idempotency'")).toBe(1)
  expect(await look.count('kitter.secrets', "name NOT IN ('idempotency', 'search')")).toBe(0)
})
