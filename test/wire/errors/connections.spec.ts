import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { census } from './census.fixture.ts'
import { completeBody } from './fields.fixture.ts'
import { expectRefusal, malformed, tooLarge } from './refusal.fixture.ts'
import { createSubjects, pathOf, type Subjects, uniqueName, withBody } from './routes.fixture.ts'
import { answersIn, exchange } from './wire-client.fixture.ts'

let kitter: TestKitter
let subjects: Subjects
let before: unknown

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  subjects = await createSubjects(kitter)
})
afterAll(() => kitter[Symbol.asyncDispose]())
beforeEach(async () => {
  before = await census(kitter)
})
afterEach(async () => {
  expect(await census(kitter)).toEqual(before)
  expect((await kitter.call('GET', '/health/liveness')).status).toBe(200)
})

/** A request as it goes over the wire. */
function request(method: string, path: string, headers: readonly string[] = [], body = ''): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: kitter', `Authorization: Bearer ${kitter.adminToken}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

const json = 'Content-Type: application/json'
const thenClose = 'Connection: close'
const liveness = (...headers: string[]): string => request('GET', '/health/liveness', headers)

function bodyOf(name: string): string {
  return JSON.stringify(completeBody(name, uniqueName()))
}

async function expectOnly(bytes: string, refusal = malformed): Promise<void> {
  const answers = answersIn(await exchange(kitter.url, bytes))
  expect(answers, bytes.slice(0, 200)).toHaveLength(1)
  for (const answer of answers) expectRefusal(answer, refusal, bytes.slice(0, 200))
}

/** Sends this much, waits until kitter has had the time to read it, and is gone. */
async function vanishAfter(bytes: string): Promise<void> {
  const { hostname, port } = new URL(kitter.url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  await new Promise((resolve) => socket.write(bytes, resolve))
  await kitter.call('GET', '/health/liveness')
  socket.resetAndDestroy()
  await once(socket, 'close')
  await kitter.call('GET', '/health/liveness')
}

describe('A body that is shorter than its Content-Length', () => {
  it.each(withBody)('changes nothing when the caller ends there: %s', async (name, route) => {
    const body = bodyOf(name)
    const length = `Content-Length: ${Buffer.byteLength(body) + 1}`
    const bytes = request(route.method, pathOf(route, subjects), [json, length], body)
    for (const answer of answersIn(await exchange(kitter.url, bytes, true))) expectRefusal(answer, malformed)
  })

  it.each(withBody)('changes nothing when the caller is gone: %s', async (name, route) => {
    const body = bodyOf(name)
    const length = `Content-Length: ${Buffer.byteLength(body) + 1}`
    await vanishAfter(request(route.method, pathOf(route, subjects), [json, length], body))
  })
})

describe('A body that is longer than its Content-Length', () => {
  it.each(withBody)('is read up to there, and the rest is no request: %s', async (name, route) => {
    const body = bodyOf(name)
    for (const length of [1, 10, Buffer.byteLength(body) - 1]) {
      const bytes = request(route.method, pathOf(route, subjects), [json, `Content-Length: ${length}`], body)
      const answers = answersIn(await exchange(kitter.url, bytes))
      expect(answers.length).toBeGreaterThan(0)
      for (const answer of answers) expectRefusal(answer, malformed, String(length))
    }
  })
})

describe('A request that is cut midway', () => {
  it.each(withBody)('changes nothing: %s', async (name, route) => {
    const body = bodyOf(name)
    const length = `Content-Length: ${Buffer.byteLength(body)}`
    const whole = request(route.method, pathOf(route, subjects), [json, length], body)
    const headers = whole.length - body.length
    for (const end of [1, 20, headers - 1, headers, headers + 1, whole.length - 1]) {
      await vanishAfter(whole.slice(0, end))
      for (const answer of answersIn(await exchange(kitter.url, whole.slice(0, end), true))) {
        expectRefusal(answer, malformed, String(end))
      }
    }
  })

  it.each(withBody)('changes nothing in chunks, either: %s', async (name, route) => {
    const body = bodyOf(name)
    const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`
    const whole = request(route.method, pathOf(route, subjects), [json, 'Transfer-Encoding: chunked'], chunk)
    await vanishAfter(whole)
    for (const answer of answersIn(await exchange(kitter.url, whole, true))) expectRefusal(answer, malformed)
  })
})

describe('What is no HTTP', () => {
  const lines = {
    'an unknown method': 'FOO / HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'a method in lower case': 'get / HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'a path without a slash': 'GET users HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'a path with a space': 'GET /a b HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'a path with a NUL': 'GET /\0 HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'a path with letters that are not ASCII': 'GET /é HTTP/1.1\r\nHost: kitter\r\n\r\n',
    'an unknown version': 'GET / HTTP/9.9\r\nHost: kitter\r\n\r\n',
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'another protocol': 'EHLO example.com\r\n',
    'line feeds only': 'GET / HTTP/1.1\nHost: kitter\n\n',
    'a header without a colon': 'GET / HTTP/1.1\r\nHost: kitter\r\nnonsense\r\n\r\n',
    'a header with a space in its name': 'GET / HTTP/1.1\r\nHost: kitter\r\nContent Type: a\r\n\r\n',
    'a header with a NUL': 'GET / HTTP/1.1\r\nHost: kitter\r\nX-A: a\0b\r\n\r\n',
    'a header with a carriage return': 'GET / HTTP/1.1\r\nHost: kitter\r\nX-A: a\rb\r\n\r\n',
  }

  it.each(Object.entries(lines))('is malformed: %s', (_, bytes) => expectOnly(bytes))

  const lengths = {
    'two lengths': ['Content-Length: 2', 'Content-Length: 3'],
    'a length and chunks': ['Content-Length: 2', 'Transfer-Encoding: chunked'],
    'chunks that are compressed': ['Transfer-Encoding: chunked, gzip'],
    'a negative length': ['Content-Length: -1'],
    'a length that is no number': ['Content-Length: two'],
    'a length with a sign': ['Content-Length: +2'],
    'a length beyond all numbers': ['Content-Length: 99999999999999999999999999'],
    'an unknown encoding': ['Transfer-Encoding: nonsense'],
  }

  it.each(Object.entries(lengths))('is malformed: %s', (_, headers) =>
    expectOnly(request('POST', '/users', [json, ...headers, thenClose], '{}')),
  )

  it('is malformed: chunks that are none', async () => {
    const chunks = [
      'zz\r\n{}\r\n0\r\n\r\n',
      '-2\r\n{}\r\n0\r\n\r\n',
      '1\r\n{}\r\n0\r\n\r\n',
      'fffffffffffffffff\r\n{}\r\n',
    ]
    for (const chunk of chunks)
      await expectOnly(request('POST', '/users', [json, 'Transfer-Encoding: chunked', thenClose], chunk))
  })

  it('is no way to smuggle a request', async () => {
    const inner = request('POST', '/users', [json, 'Content-Length: 32'], '{"user":{"username":"smuggled"}}')
    const outer = request(
      'POST',
      '/users/logout',
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${inner}`,
    )
    await expectOnly(outer)
  })

  it('ends the connection, after the answers before it', async () => {
    const answers = answersIn(await exchange(kitter.url, `${liveness()}nonsense\r\n\r\n`))
    const last = answers.pop()
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(last?.headers.get('connection')).toBe('close')
    if (last !== undefined) expectRefusal(last, malformed)
  })
})

describe('Headers that are too long', () => {
  const tooLong = { status: 431, code: 'request.malformed' }

  it.each([
    ['one', () => [`X-Long: ${'a'.repeat(20_000)}`]],
    ['many', () => Array.from({ length: 2000 }, (_, index) => `X-Header-${index}: a`)],
    ['a token', () => [`Authorization: Bearer ${'a'.repeat(20_000)}`]],
    ['a request id', () => [`X-Request-Id: ${'a'.repeat(20_000)}`]],
  ])('are refused: %s', (_, headers) => expectOnly(request('GET', '/users', headers()), tooLong))

  it('are refused: a query', () => expectOnly(request('GET', `/users?username=${'a'.repeat(20_000)}`), tooLong))
  it('are refused: a path', () => expectOnly(request('GET', `/users/${'a'.repeat(20_000)}`), tooLong))
})

describe('A body that is compressed', () => {
  it('is not taken for JSON', async () => {
    const bytes = request(
      'POST',
      '/users',
      [json, 'Content-Encoding: gzip', 'Content-Length: 4', thenClose],
      '\x1f\x8b\x08\x00',
    )
    const [answer] = answersIn(await exchange(kitter.url, Buffer.from(bytes, 'latin1')))
    expect(answer).toMatchObject({ status: 400 })
  })
})

describe('Several requests at once on one connection', () => {
  it('are answered in their order', async () => {
    const bytes = [
      request('GET', '/users/x'),
      request('POST', '/users', [json, 'Content-Length: 2'], '{}'),
      request('GET', '/nothing'),
      liveness(thenClose),
    ]
    const answers = answersIn(await exchange(kitter.url, bytes.join('')))
    expect(answers.map(({ status, body }) => [status, (body as { code?: string }).code])).toEqual([
      [404, 'user.unknown'],
      [400, 'request.invalid'],
      [404, 'route.unknown'],
      [200, undefined],
    ])
  })

  it('keep their limits', async () => {
    const bytes = `${liveness()}${request('POST', '/users', [json, `Content-Length: ${1024 * 1024 + 1}`])}`
    const [first, second] = answersIn(await exchange(kitter.url, bytes))
    expect(first?.status).toBe(200)
    expect(second).toBeDefined()
    if (second !== undefined) expectRefusal(second, tooLarge)
  })
})
