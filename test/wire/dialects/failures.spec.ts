import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { expectRefusal, malformed, nothingThere } from '../errors/refusal.fixture.ts'
import { ProbeClient } from './probe-client.fixture.ts'

let probe: ProbeClient
beforeAll(async () => {
  probe = await ProbeClient.start()
})
afterAll(() => probe[Symbol.asyncDispose]())

function expectFailure(answer: Answer, status: number, body: object): void {
  expect(answer.body).toMatchObject({ ok: false, request: answer.headers.get('x-request-id'), ...body })
  expect([answer.status, answer.headers.get('x-probe')]).toEqual([status, 'failure'])
  expect(answer.headers.get('content-type')).toBe('application/probe+json')
}

const json = { 'content-type': 'application/json' }

describe('A failure below the path of a dialect is told in its words', () => {
  it.each(['/probe', '/probe/', '/probe/nothing', '/probe/things/a/b', '/%70robe/nothing', '/probe?a=b', '/probe#x'])(
    'an unknown path: %s',
    async (path) => {
      for (const token of [null, probe.kitter.adminToken]) {
        expectFailure(await probe.call('GET', path, { token }), 404, { code: 'route.unknown', allowed: [] })
      }
    },
  )

  it('another method', async () => {
    for (const token of [null, probe.kitter.adminToken]) {
      const answer = await probe.call('DELETE', '/probe/things', { token })
      expectFailure(answer, 405, { code: 'route.unknown', allowed: ['GET', 'HEAD', 'POST'] })
      const named = await probe.call('PATCH', '/probe/things/%F0%9F%98%80?a=b', { token })
      expectFailure(named, 405, { allowed: ['PUT'] })
    }
  })

  it('a path that cannot be decoded', async () => {
    for (const path of ['/probe/%zz', '/probe/things/%ff', '/probe/%']) {
      expectFailure(await probe.call('GET', path), 400, { code: 'request.malformed', allowed: [] })
    }
  })

  it('a body that cannot be read, once it is known who sends it', async () => {
    const bodies = ['{', '[1,]', '{"a":1}}', '{"__proto__":{}}', new Uint8Array([0x7b, 0xff, 0x7d])]
    for (const raw of bodies) {
      const send = (token: string | null): Promise<Answer> =>
        probe.call('POST', '/probe/things', { token, raw, headers: json })
      expectFailure(await send(null), 401, { code: 'access.token_missing' })
      expectFailure(await send(await probe.kitter.token('kitter-viewer')), 403, { code: 'access.forbidden' })
      expectFailure(await send(probe.kitter.adminToken), 400, { code: 'request.malformed' })
    }
  })

  it('a body of another type, also without any body in the answer', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
      const send = (token: string | null): Promise<Answer> =>
        probe.call('POST', '/probe/things', { token, raw: 'a=b', headers: { 'content-type': type } })
      expect((await send(null)).status, type).toBe(401)
      const refused = await send(probe.kitter.adminToken)
      expect([refused.status, refused.text, refused.headers.get('content-type')], type).toEqual([415, '', null])
    }
  })

  it('a body that is too large', async () => {
    const raw = JSON.stringify({ a: 'x'.repeat(1024 * 1024) })
    expectFailure(await probe.call('POST', '/probe/things', { raw, headers: json }), 413, { code: 'request.too_large' })
  })

  it('a bug, without a word of the inside', async () => {
    const answer = await probe.call('GET', '/probe/fault')
    expectFailure(answer, 500, { allowed: [] })
    expect(answer.text).not.toContain('inside')
  })

  it('a pause before it is worth trying again', async () => {
    const answer = await probe.call('GET', '/probe/busy')
    expectFailure(answer, 503, { code: 'service.unavailable' })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  it('what everybody is told, before anybody is asked for a token', async () => {
    expectFailure(await probe.call('GET', '/probe/nowhere', { token: null }), 404, { code: 'route.unknown' })
  })

  it('a route that forgot to say who may call it', async () => {
    expectFailure(await probe.call('GET', '/probe/closed'), 403, { code: 'access.forbidden' })
  })

  it('and none of it is told so of paths that only look like it', async () => {
    for (const path of [
      '/probex',
      '/probe.json',
      '/Probe',
      '/PROBE/things',
      '//probe',
      '/probe%2Fthings',
      '/v2x',
      '/v',
    ]) {
      expectRefusal(await probe.wire.call('GET', path), nothingThere, path)
    }
    expectRefusal(await probe.wire.call('GET', '/probex/%zz'), malformed)
    const body = await probe.wire.call('POST', '/users', { token: null, raw: '{', headers: json })
    expectRefusal(body, malformed)
    expectRefusal(await probe.wire.call('DELETE', '/users'), nothingThere)
  })

  it('each dialect has its own', async () => {
    expect((await probe.call('GET', '/v2/nothing')).body).toMatchObject({ status: 'error', error: '404' })
    const other = await probe.call('DELETE', '/v2/accounts/x/users')
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, PUT'])
    expect(other.body).toMatchObject({ error: '405', message: 'invalid_method' })
  })
})

describe('Bodies of a dialect', () => {
  it('may be missing, whatever their type is said to be', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const answer = await probe.call('POST', '/probe/things', { raw: '', headers: { 'content-type': type } })
      expect([answer.status, answer.body.result], type).toEqual([200, { body: null }])
    }
  })

  it('may be bytes where a route says so, of the types and to the size that it says', async () => {
    const most = 100_000
    const send = (bytes: number, type = 'application/octet-stream', token: string | null = probe.kitter.adminToken) =>
      probe.call('POST', '/probe/bytes', {
        token,
        raw: Buffer.alloc(bytes, 'x'),
        headers: { 'content-type': type },
      })
    for (const size of [0, 1, most]) {
      const answer = await send(size, 'Application/Octet-Stream; a=b')
      expect([answer.status, answer.text.length]).toEqual([201, size])
    }
    expectFailure(await send(most + 1), 413, { code: 'request.too_large' })
    expect((await send(1, 'text/html')).status).toBe(415)
    expect((await send(2, 'application/json')).status).toBe(415)
    expect((await send(most + 1, 'text/html', null)).status).toBe(401)
  })

  it('are refused as too large before their end, also where they do not say how large they are', async () => {
    const answer = await probe.call('POST', '/probe/bytes', {
      raw: Buffer.alloc(5_000_000),
      headers: { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' },
    })
    expectFailure(answer, 413, { code: 'request.too_large' })
  })
})
