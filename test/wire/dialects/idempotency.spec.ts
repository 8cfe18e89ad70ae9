import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProbeClient } from './probe-client.fixture.ts'
import { resultIn } from './probe-dialect.fixture.ts'

const domain = 'again.example'
let probe: ProbeClient
beforeAll(async () => {
  probe = await ProbeClient.start()
  await probe.kitter.createDomain(domain)
})
afterAll(() => probe[Symbol.asyncDispose]())

describe('A PUT with an Idempotency-Key', () => {
  it('is done once where the route says so, and answered anew each time', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { username: 'once', domain, ring: 'a' }
    const first = await probe.call('PUT', '/probe/users', { body, headers })
    const again = await probe.call('PUT', '/probe/users?token=another', { body, headers })
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body.result).toEqual(first.body.result)
    expect([first, again].map((answer) => answer.headers.get('idempotency-replayed'))).toEqual(['false', 'true'])
    expect([first, again].map((answer) => answer.headers.get('location'))).toEqual(['/probe/made', '/probe/made'])
    expect(again.body.request).toBe(again.headers.get('x-request-id'))
    expect(again.body.request).not.toBe(first.body.request)
    const { id } = resultIn(first.body)
    expect(resultIn((await probe.call('GET', `/probe/users/${String(id)}`)).body)['extension']).toEqual({ ring: 'a' })
  })

  it('is refused under a used key for anything else', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    expect((await probe.call('PUT', '/probe/things/a', { headers })).status).toBe(200)
    for (const path of ['/probe/things/b', '/probe/things/a?b=c']) {
      const answer = await probe.call('PUT', path, { headers })
      expect([answer.status, answer.body.code, answer.body.ok], path).toEqual([422, 'idempotency.key_reused', false])
    }
  })

  it('keeps a refusal in the words of the dialect', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { username: 'twice', domain }
    await probe.call('PUT', '/probe/users', { body })
    const refused = [
      await probe.call('PUT', '/probe/users', { body, headers }),
      await probe.call('PUT', '/probe/users', { body, headers }),
    ]
    for (const { status, body: told, headers: sent } of refused) {
      expect([status, told.code, sent.get('x-probe')]).toEqual([409, 'user.name_taken', 'failure'])
    }
  })

  it('is done each time where the route does not say so', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [first, second] = [
      await probe.call('PUT', '/probe/unrepeatable', { headers }),
      await probe.call('PUT', '/probe/unrepeatable', { headers }),
    ]
    expect(first.body.result).not.toEqual(second.body.result)
    expect(second.headers.get('idempotency-replayed')).toBeNull()
  })

  it('must be one', async () => {
    const answer = await probe.call('PUT', '/probe/things/a', { headers: { 'idempotency-key': 'ä b' } })
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid'])
  })
})
