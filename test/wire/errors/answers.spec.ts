import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { expectRefusal, invalid, malformed, nothingThere } from './refusal.fixture.ts'
import { createSubjects, named, pathOf, type Subjects, withBody } from './routes.fixture.ts'
import { answersIn, exchange, WireClient } from './wire-client.fixture.ts'

let kitter: TestKitter
let client: WireClient
let subjects: Subjects

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  client = new WireClient(kitter)
  subjects = await createSubjects(kitter)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await kitter[Symbol.asyncDispose]()
})

/** One refusal of each sort that there is without a fault. */
const refusals: Readonly<Record<string, () => Promise<Answer>>> = {
  '400, by its fields': () => client.call('POST', '/users', { body: {} }),
  '400, by its JSON': () => client.json('POST', '/users', '{'),
  '400, by its path': () => client.call('GET', '/users/%zz'),
  '401, without a token': () => client.call('GET', '/users', { token: null }),
  '401, with a bad one': () => client.call('GET', '/users', { token: 'nonsense' }),
  '403': async () => client.call('POST', '/users', { token: await kitter.token('kitter-viewer'), body: {} }),
  '404, of a user': () => client.call('GET', '/users/x'),
  '404, of a route': () => client.call('GET', '/nothing'),
  '404, of a method': () => client.call('PUT', '/users'),
  '409': () => client.call('POST', '/users', { body: { user: { username: subjects.user.username } } }),
  '413': () => client.json('POST', '/users', ' '.repeat(1024 * 1024 + 1)),
  '415': () => client.call('POST', '/users', { raw: 'a=b', headers: { 'content-type': 'text/plain' } }),
}

describe('The request id', () => {
  const wellFormed = ['a', '0', 'abc-123', 'a.b:c_d-e', 'ABC', '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11', 'x'.repeat(128)]
  const hostile = [
    'x'.repeat(129),
    'x'.repeat(200),
    'x'.repeat(10_000),
    'two words',
    'tab\there',
    '"quoted"',
    "o'clock",
    '<script>',
    '${jndi:ldap://x}',
    '{"a":1}',
    'a,b',
    'a;b',
    'a/b',
    'a\\b',
    'a%0d%0ab',
    'é',
    '\u00ff',
    '',
    ' ',
  ]
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

  it.each(wellFormed)("is the caller's: %s", async (id) => {
    const headers = { 'x-request-id': id }
    const refused = await client.call('GET', '/users/x', { headers })
    expectRefusal(refused, { status: 404, code: 'user.unknown' })
    expect(refused.headers.get('x-request-id')).toBe(id)
    expect((await client.call('GET', '/users', { headers })).headers.get('x-request-id')).toBe(id)
    expect((await client.call('GET', '/%zz', { headers })).headers.get('x-request-id')).toBe(id)
    expect((await client.call('GET', '/nothing', { headers })).headers.get('x-request-id')).toBe(id)
  })

  it.each(hostile)('is a new one where the caller sends %j', async (id) => {
    const headers = { 'x-request-id': id }
    for (const path of ['/users/x', '/users', '/%zz', '/nothing', '/health/liveness']) {
      expect((await client.call('GET', path, { headers })).headers.get('x-request-id'), path).toMatch(uuid)
    }
  })

  it('is a new one where the caller sends two', async () => {
    const request =
      'GET /users/x HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nConnection: close\r\n\r\n'
    const [answer] = answersIn(await exchange(kitter.url, request))
    expect(answer?.headers.get('x-request-id')).toMatch(uuid)
  })

  it('is another one each time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call('GET', '/users/x')))
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(20)
  })

  it.each(Object.entries(refusals))('is in the body of a refusal, too: %s', async (_, refused) => {
    const answer = await refused()
    expect(answer.body).toMatchObject({ request_id: answer.headers.get('x-request-id') })
  })
})

describe('The headers that browsers go by', () => {
  const expected: Readonly<Record<string, RegExp>> = {
    'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
    'x-content-type-options': /^nosniff$/,
    'x-frame-options': /^DENY$/,
    'referrer-policy': /^no-referrer$/,
    'strict-transport-security': /^max-age=\d+/,
    'cross-origin-resource-policy': /^same-origin$/,
  }

  function expectHeaders({ headers }: Answer, what: string): void {
    for (const [name, value] of Object.entries(expected)) expect(headers.get(name), `${what}: ${name}`).toMatch(value)
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie']) {
      expect(headers.get(name), `${what}: ${name}`).toBeNull()
    }
  }

  it('come with what is found', async () => {
    for (const path of [
      '/users',
      '/domains',
      '/callerIdManager',
      '/health/readiness',
      '/openapi.json',
      '/metrics',
      '/docs',
    ]) {
      expectHeaders(await client.call('GET', path), path)
    }
  })

  it.each(Object.entries(refusals).filter(([what]) => what !== '400, by its path'))(
    'come with a refusal: %s',
    async (what, refused) => {
      expectHeaders(await refused(), what)
    },
  )

  it('let no other origin in', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    expectRefusal(await client.call('OPTIONS', '/users', { token: null, headers }), nothingThere)
    expectHeaders(await client.call('GET', '/users', { headers }), 'with an origin')
  })
})

describe('The error shape', () => {
  it.each(named)('is that of a missing token: %s', async (_, route) => {
    if (route.path.startsWith('/health')) return
    const answer = await client.call(route.method, pathOf(route, subjects), { token: null })
    expectRefusal(answer, { status: 401, code: 'access.token_missing' })
  })

  it.each(withBody)('comes whatever the caller wants to see: %s', async (_, route) => {
    for (const accept of ['text/html', 'application/xml', '*/*;q=0', 'nonsense', '']) {
      const answer = await client.call(route.method, pathOf(route, subjects), {
        body: { nonsense: 1 },
        headers: { accept },
      })
      expect(answer.headers.get('content-type'), accept).toBe('application/json; charset=utf-8')
      expect(answer.status, accept).toBe(400)
    }
  })

  it('tells hostile text as data', async () => {
    const text = '</script><script>alert(1)</script>\u2028"\\'
    const answer = await client.call('POST', '/users', { body: { [text]: 1, user: { username: 'a' } } })
    expectRefusal(answer, invalid(text))
    const lone = await client.json('POST', '/users', String.raw`{"user":{"username":"a"},"\ud800":1}`)
    expectRefusal(lone, invalid('\ud800'))
    expect(lone.text).toContain(String.raw`"\ud800"`)
  })

  it('is that of what is no request at all', async () => {
    const [answer] = answersIn(await exchange(kitter.url, 'nonsense\r\n\r\n'))
    expect(answer).toBeDefined()
    if (answer !== undefined) expectRefusal(answer, malformed)
  })
})
