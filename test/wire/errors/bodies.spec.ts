import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { census } from './census.fixture.ts'
import { completeBody } from './fields.fixture.ts'
import { expectRefusal, invalid, malformed, tooLarge, wrongMediaType } from './refusal.fixture.ts'
import {
  bodiless,
  createSubjects,
  named,
  pathOf,
  type Route,
  type Subjects,
  uniqueName,
  withBody,
} from './routes.fixture.ts'
import { answersIn, exchange, WireClient } from './wire-client.fixture.ts'

const mebibyte = 1024 * 1024

let kitter: TestKitter
let client: WireClient
let subjects: Subjects
let before: unknown

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  client = new WireClient(kitter)
  subjects = await createSubjects(kitter)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await kitter[Symbol.asyncDispose]()
})
beforeEach(async () => {
  before = await census(kitter)
})
afterEach(async () => {
  expect(await census(kitter)).toEqual(before)
})

function send(route: Route, raw: string | Uint8Array | undefined, contentType?: string): Promise<Answer> {
  return client.call(route.method, pathOf(route, subjects), {
    ...(raw !== undefined && { raw }),
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  })
}

const json = 'application/json'
const show = (text: string | Uint8Array): string => String(text).slice(0, 100)

const brokenJson = [
  '{',
  '}',
  '{"user":',
  '{"user":{}',
  "{'user':{}}",
  '{user:{}}',
  '{"user":{},}',
  '{"a":1}{"b":2}',
  '{"a":1} x',
  'nonsense',
  'undefined',
  'NaN',
  '-',
  '01',
  '"open',
  '"\u0007"',
  '{"a":"line\nbreak"}',
  String.raw`{"a":"\x41"}`,
  String.raw`{"a":"\u12"}`,
  '// comment\n{}',
  '\u00a0{}',
  ' ',
  '\n',
  '\0',
  '<user/>',
  'username=john',
  '['.repeat(1000),
  '['.repeat(100_000),
  '{"a":'.repeat(100_000),
]

const poisoned = [
  '{"__proto__":{"admin":true}}',
  '{"user":{"username":"a","__proto__":{"enabled":true}}}',
  '{"user":{"username":"a","attributes":{"__proto__":"a"}}}',
  '{"user":{"username":"a","attributes":{"__proto__":["a"]}}}',
  String.raw`{"user":{"username":"a","attributes":{"\u005f_proto__":"a"}}}`,
  '{"domain":{"domain":"a","services":{"__proto__":["a"]}}}',
  '{"attributes":{"a":{"b":[{"__proto__":{}}]}}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"user":{"username":"a","constructor":{"prototype":{}}}}',
  '{"attributes":{"constructor":{"prototype":{}}}}',
  `${'{"a":'.repeat(1000)}{"__proto__":1}${'}'.repeat(1000)}`,
]

const noObjects = [
  '[]',
  '[{}]',
  '[{"user":{"username":"a"}}]',
  '"text"',
  '""',
  '5',
  '0',
  '-1.5e3',
  'true',
  'false',
  'null',
]

function nested(depth: number): string[] {
  return [
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    `{"user":${'{"user":'.repeat(depth)}1${'}'.repeat(depth)}}`,
    `{"user":{"username":"a","attributes":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}}`,
    `{"attributes":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
  ]
}

const otherTypes = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/plain; charset=utf-8',
  'text/json',
  'text/html',
  'application/xml',
  'application/octet-stream',
  'application/jsonp',
  'application/json5',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/vnd.api+json',
  'application/scim+json',
  'application/*',
  'application',
  'json',
  '*/*',
  'text/plain, application/json',
  'application/json, text/plain',
  ';',
  '',
]

describe('A route that takes a body', () => {
  it.each(withBody)('refuses broken JSON: %s', async (_, route) => {
    for (const text of brokenJson) expectRefusal(await send(route, text, json), malformed, show(text))
  })

  it.each(withBody)('refuses what would poison prototypes: %s', async (_, route) => {
    for (const text of poisoned) expectRefusal(await send(route, text, json), malformed, show(text))
  })

  it.each(withBody)('refuses JSON that is no object: %s', async (_, route) => {
    for (const text of noObjects) expectRefusal(await send(route, text, json), invalid(''), text)
  })

  it.each(withBody)('refuses to go without: %s', async (_, route) => {
    for (const type of [undefined, json, 'application/json; charset=utf-8']) {
      expectRefusal(await send(route, undefined, type), invalid(''), type)
      expectRefusal(await send(route, '', type), invalid(''), type)
    }
  })

  it.each(withBody)('refuses JSON that is nested beyond reason: %s', async (_, route) => {
    for (const text of [...nested(33), ...nested(1000), ...nested(100_000)]) {
      expectRefusal(await send(route, text, json), invalid(''), show(text))
    }
  })

  it.each(withBody)('refuses other types: %s', async (name, route) => {
    const body = JSON.stringify(completeBody(name, uniqueName()))
    for (const type of otherTypes) expectRefusal(await send(route, body, type), wrongMediaType, type)
    expectRefusal(await send(route, body), wrongMediaType, 'no type')
  })

  it.each(withBody)('refuses forms: %s', async (_, route) => {
    const form = 'user[username]=john&domain[domain]=example.com&name=a&value=b'
    expectRefusal(await send(route, form, 'application/x-www-form-urlencoded'), wrongMediaType)
    const parts = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--x--\r\n'
    expectRefusal(await send(route, parts, 'multipart/form-data; boundary=x'), wrongMediaType)
  })

  it.each(withBody)('refuses bytes that are no UTF-8: %s', async (name, route) => {
    const body = Buffer.from(JSON.stringify(completeBody(name, 'NAME')))
    const place = body.indexOf('NAME')
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [0xc0, 0xaf]]) {
      const broken = Buffer.concat([body.subarray(0, place), Buffer.from(bytes), body.subarray(place)])
      expectRefusal(await send(route, broken, json), malformed, bytes.join())
      const chunked = { raw: broken, headers: { 'content-type': json, 'transfer-encoding': 'chunked' } }
      expectRefusal(
        await client.call(route.method, pathOf(route, subjects), chunked),
        malformed,
        `chunked ${bytes.join()}`,
      )
    }
    expectRefusal(await send(route, Buffer.from(body.toString(), 'utf16le'), json), malformed, 'UTF-16')
  })
})

describe('A body of 1 MiB and a byte', () => {
  const sized = named.filter(([, { method }]) => method !== 'GET')

  it.each(sized)('is too large: %s', async (_, route) => {
    for (const text of [' '.repeat(mebibyte + 1), `"${'a'.repeat(mebibyte - 1)}"`, '€'.repeat(mebibyte / 3 + 1)]) {
      expectRefusal(await send(route, text, json), tooLarge, show(text))
    }
  })

  it.each(sized)('is too large also without saying so beforehand: %s', async (_, route) => {
    const path = pathOf(route, subjects)
    const headers = { 'content-type': json, 'transfer-encoding': 'chunked' }
    for (const raw of [' '.repeat(mebibyte + 1), '€'.repeat(mebibyte / 3 + 1)]) {
      expectRefusal(await client.call(route.method, path, { raw, headers }), tooLarge)
    }
  })

  it.each(sized)('is refused before it is sent: %s', async (_, route) => {
    const received = await exchange(
      kitter.url,
      [
        `${route.method} ${pathOf(route, subjects)} HTTP/1.1`,
        'Host: kitter',
        `Authorization: Bearer ${kitter.adminToken}`,
        'Content-Type: application/json',
        `Content-Length: ${mebibyte + 1}`,
        'Connection: close',
        '\r\n',
      ].join('\r\n'),
    )
    const [answer, ...more] = answersIn(received)
    expect(more).toEqual([])
    if (answer !== undefined) expectRefusal(answer, tooLarge)
    expect(answer).toBeDefined()
  })
})

describe('A POST that needs no body', () => {
  /** They change nothing, not even by a mail, however often they come. */
  const quiet = bodiless.filter(([, { path }]) => !/(email|reload|cancel|resume)$/.test(path))

  it.each(quiet)('goes without one: %s', async (_, route) => {
    for (const type of [undefined, json, 'application/json; charset=utf-8']) {
      expect((await send(route, undefined, type)).status, type).toBe(route.success)
      expect((await send(route, '', type)).status, type).toBe(route.success)
    }
  })

  it.each(quiet)('does not look at one: %s', async (_, route) => {
    for (const text of [...noObjects, '{}', '{"nonsense":1}', ...nested(1000)]) {
      expect((await send(route, text, json)).status, show(text)).toBe(route.success)
    }
  })

  it.each(bodiless)('refuses one that cannot be read: %s', async (_, route) => {
    for (const text of [...brokenJson, ...poisoned]) expectRefusal(await send(route, text, json), malformed, show(text))
    for (const type of otherTypes) expectRefusal(await send(route, 'a=b', type), wrongMediaType, type)
    expectRefusal(await send(route, '{}'), wrongMediaType)
  })
})
