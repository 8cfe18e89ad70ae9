import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { census } from './census.fixture.ts'
import { expectRefusal, malformed, nothingThere } from './refusal.fixture.ts'
import {
  createSubjects,
  named,
  pathOf,
  type Route,
  routes,
  type Subjects,
  uniqueName,
  withId,
} from './routes.fixture.ts'
import { WireClient } from './wire-client.fixture.ts'

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

/** As they stand in the path. */
const noIds = [
  'x',
  '0',
  '-1',
  'null',
  'undefined',
  '[object%20Object]',
  '507f1f77bcf86cd79943901',
  '507f1f77bcf86cd799439011',
  '00000000-0000-0000-0000-000000000000',
  '{550e8400-e29b-41d4-a716-446655440000}',
  '%00',
  'a%00b',
  '%2F',
  'a%2Fb',
  '..',
  '..%2f',
  '..%2F..%2Fetc%2Fpasswd',
  '%2e%2e%2f',
  '..%5c..%5c',
  '%252F',
  '%25zz',
  '%25',
  '_',
  '*',
  '%20',
  '%0d%0aX-Injected:%201',
  "1'%20OR%20'1'='1",
  '1;DROP%20TABLE%20users',
  '%F0%9F%98%80',
  '%E2%80%AE',
  '%EF%BF%BD',
  '~',
  '__proto__',
  'constructor',
  'a'.repeat(100),
  'a'.repeat(101),
  'a'.repeat(10_000),
]

const undecodable = ['%zz', '%', 'a%', '%e0%a4%a', '%ff', '%c3%28', '%ed%a0%80', '..%zz']

/** The path, time and again with one of its ids replaced. */
function pathsWith(route: Route, id: (real: string) => string): string[] {
  const template = route.path.split('/')
  const filled = pathOf(route, subjects).split('/')
  return template.flatMap((segment, index) =>
    segment.startsWith('{') ? [filled.with(index, id(filled[index] ?? '')).join('/')] : [],
  )
}

function call(route: Route, path: string): Promise<Answer> {
  return client.call(route.method, path, route.body === undefined ? {} : { body: route.body(uniqueName()) })
}

describe('An id that can be none', () => {
  it.each(withId)('is not there: %s', async (_, route) => {
    const unknown = { status: 404, code: route.unknown ?? '' }
    for (const id of noIds) {
      for (const path of pathsWith(route, () => id)) expectRefusal(await call(route, path), unknown, path.slice(0, 300))
    }
  })

  it.each(withId)('is not there, however near to one that is: %s', async (_, route) => {
    const unknown = { status: 404, code: route.unknown ?? '' }
    const near = ['%00', '%20', 'x', '%0a', '%2F', '%EF%BB%BF']
    for (const end of near) {
      for (const path of pathsWith(route, (real) => `${real}${end}`))
        expectRefusal(await call(route, path), unknown, path)
      for (const path of pathsWith(route, (real) => `${end}${real}`))
        expectRefusal(await call(route, path), unknown, path)
    }
    if (!route.path.includes('{id}')) return
    for (const path of pathsWith(route, (real) => real.toUpperCase())) {
      if (path !== pathOf(route, subjects)) expectRefusal(await call(route, path), unknown, path)
    }
  })

  it.each(withId)('is no id of another kind: %s', async (_, route) => {
    const others = [subjects.domain.id, subjects.user.id].filter((id) => !pathOf(route, subjects).includes(id))
    for (const id of others) {
      for (const path of pathsWith(route, () => id)) {
        expectRefusal(await call(route, path), { status: 404, code: route.unknown ?? '' }, path)
      }
    }
  })
})

describe('A path that cannot be decoded', () => {
  it.each(withId)('is malformed: %s', async (_, route) => {
    for (const id of undecodable) {
      for (const path of pathsWith(route, () => id)) expectRefusal(await call(route, path), malformed, path)
    }
  })

  it('is malformed, whatever it leads to', async () => {
    for (const path of ['/%', '/%zz', '/nothing/%ff', '/users/%zz/logout', '/docs/%zz', '/realms/kitter/%zz']) {
      expectRefusal(await client.call('GET', path, { token: null }), malformed, path)
    }
  })
})

describe('A path where nothing is', () => {
  const paths = [
    '/',
    '//',
    '/nothing',
    '/user',
    '/Users',
    '/USERS',
    '/users.json',
    '/users;a=b',
    '/users%2Flogout',
    '/%75sers%3f',
    '//users',
    '/users/a/b/c',
    '/domains/a/b',
    '/domains/a/users',
    '/callerIdManager/a/b',
    '/calleridmanager',
    '/health',
    '/health/',
    '/health/startup',
    '/.env',
    '/.git/config',
    '/..%2f..%2fpackage.json',
    '/../package.json',
    '/package.json',
    '/admin',
    '/openapi.yaml',
    '/openapi.json/',
    '/docs/nothing',
    '/docs/..%2f..%2fpackage.json',
    '/realms',
    '/realms/kitter',
    '/realms/kitter/',
    '/realms/kitter/protocol/openid-connect/auth',
    '/realms/kitter/protocol/openid-connect/token/x',
    '/realms/master/protocol/openid-connect/token',
    '/metrics/x',
    `/${'a'.repeat(10_000)}`,
    `/${'a/'.repeat(5000)}`,
  ]

  it.each(paths.map((path) => [path.slice(0, 60), path]))('%s', async (_, path) => {
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
      for (const token of [null, kitter.adminToken]) {
        expectRefusal(await client.call(method, path, { token }), nothingThere, `${method} ${path.slice(0, 100)}`)
      }
    }
  })

  it('has no files outside the documentation', async () => {
    for (const path of [
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs//etc/passwd',
      '/docs/..%5c..%5cpackage.json',
    ]) {
      const answer = await client.call('GET', path, { token: null })
      expectRefusal(answer, answer.status === 400 ? malformed : nothingThere, path)
    }
  })

  it('has no list behind a slash', async () => {
    for (const path of [
      '/users/',
      '/domains/',
      '/callerIdManager/',
      '/users//',
      '/users//logout',
      '/domains//logout',
    ]) {
      const answer = await client.call('GET', path)
      const code = /"code":"((route|user|domain|caller_id)\.unknown)"/.exec(answer.text)?.[1]
      expectRefusal(answer, { status: 404, code: code ?? 'some unknown' }, path)
    }
  })
})

describe('A method that a path does not know', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE', 'LOCK']
  const paths = [...new Set(routes.map(({ path }) => path))]

  /** What is an action to one method is an id or a name to another. */
  const alsoRead: Readonly<Record<string, readonly string[]>> = {
    '/users/logout': ['/users/{id}'],
    '/users/search': ['/users/{id}'],
    '/users/{id}/logout': ['/users/{domain}/{username}'],
    '/users/{id}/reset-password-email': ['/users/{domain}/{username}'],
    '/callerIdManager/reload': ['/callerIdManager/{name}'],
  }

  function known(path: string, method: string): boolean {
    const read = [path, ...(alsoRead[path] ?? [])]
    return routes.some((route) => route.method === method && read.includes(route.path))
  }

  it.each(paths)('%s', async (path) => {
    const filled = pathOf({ path }, subjects)
    for (const method of methods.filter((other) => !known(path, other))) {
      for (const token of [null, kitter.adminToken]) {
        expectRefusal(await client.call(method, filled, { token }), nothingThere, `${method} ${filled}`)
      }
    }
  })
})

describe('HEAD', () => {
  it.each(named.filter(([, { method }]) => method === 'GET'))('answers like %s, without the body', async (_, route) => {
    const path = pathOf(route, subjects)
    const [head, get] = [await client.call('HEAD', path), await client.call('GET', path)]
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
  })

  it.each(named.filter(([, { method }]) => method === 'GET'))('refuses like %s, without the body', async (_, route) => {
    if (route.path.startsWith('/health')) return
    const { status, text, headers } = await client.call('HEAD', pathOf(route, subjects), { token: null })
    expect([status, text]).toEqual([401, ''])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it('finds nothing where there is nothing', async () => {
    for (const path of ['/nothing', '/users/logout', '/users/x', '/callerIdManager/reload']) {
      expect(await client.call('HEAD', path), path).toMatchObject({ status: 404, text: '' })
    }
    expect(await client.call('HEAD', '/%zz')).toMatchObject({ status: 400, text: '' })
  })
})
