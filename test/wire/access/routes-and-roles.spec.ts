import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '#kernel'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { census } from '../errors/census.fixture.ts'
import { expectRefusal } from '../errors/refusal.fixture.ts'
import { createSubjects, named, pathOf, type Route, type Subjects, uniqueName } from '../errors/routes.fixture.ts'
import { answersIn, exchange, WireClient } from '../errors/wire-client.fixture.ts'
import { accessTable, publicPaths } from './access-table.fixture.ts'
import { made, TokenForge } from './token-forge.fixture.ts'

const home = 'home.example'

let kitter: TestKitter
let client: WireClient
let forge: TokenForge
let subjects: Subjects
let invalidTokens: Awaited<ReturnType<typeof made>>
let tokensWithoutRole: Awaited<ReturnType<typeof made>>

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  client = new WireClient(kitter)
  forge = await TokenForge.of(kitter)
  invalidTokens = await made(forge.invalid)
  tokensWithoutRole = await made(forge.withoutRole)
  await kitter.createDomain(home)
  subjects = await createSubjects(kitter, home)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await kitter[Symbol.asyncDispose]()
})

const closed = named.filter(([name]) => accessTable[name] !== 'anybody')
const open = named.filter(([name]) => accessTable[name] === 'anybody')
const tokenMissing = { status: 401, code: 'access.token_missing' }
const tokenInvalid = { status: 401, code: 'access.token_invalid' }

function call(route: Route, token: string | null, about = subjects, headers = {}): Promise<Answer> {
  const body = route.body?.(uniqueName())
  const raw = route.file?.(uniqueName())
  const sent = raw === undefined ? { headers } : { raw, headers: { 'content-type': 'text/csv', ...headers } }
  return client.call(route.method, pathOf(route, about), { token, ...sent, ...(body !== undefined && { body }) })
}

async function expectUnchanged(calls: () => Promise<void>): Promise<void> {
  const before = await census(kitter)
  await calls()
  expect(await census(kitter)).toEqual(before)
}

function expectUnauthenticated(answer: Answer, refusal: { status: number; code: string }, what: string): void {
  expectRefusal(answer, refusal, what)
  expect(answer.headers.get('www-authenticate'), what).toMatch(/^Bearer( |$)/)
}

describe('The table of who may call what', () => {
  it('has every route of the document, no more and no less', async () => {
    const document = (await kitter.call('GET', '/openapi.json', { token: null })).body as {
      paths: Record<string, object>
    }
    const paths = Object.entries(document.paths)
    const operations = paths.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(Object.keys(accessTable).toSorted()).toEqual(operations.toSorted())
  })
})

describe('Without a token', () => {
  it.each(closed)('nobody is let in: %s', (_, route) =>
    expectUnchanged(async () => expectUnauthenticated(await call(route, null), tokenMissing, route.path)),
  )

  it.each(open)('anybody is let in: %s', async (_, route) => {
    for (const token of [null, 'nonsense', await forge.token({ exp: 1 })]) {
      expect((await call(route, token)).status).toBe(route.success)
    }
  })

  it.each(publicPaths)('anybody is let in: %s', async (path) => {
    expect((await client.call('GET', path, { token: null })).status).toBe(200)
  })
})

describe('With a header that holds no token', () => {
  it.each(closed)('nobody is let in: %s', async (_, route) => {
    const token = kitter.adminToken
    const values = [
      '',
      token,
      'Bearer',
      'Bearer ',
      `Bearer${token}`,
      `Bearer:${token}`,
      `Bearer\t${token}`,
      `Bearer "${token}"`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token};`,
      `Basic ${Buffer.from(`admin:${token}`).toString('base64')}`,
      `Token ${token}`,
      `DPoP ${token}`,
      `JWT ${token}`,
      `Bearer é${token}`,
    ]
    await expectUnchanged(async () => {
      for (const authorization of values) {
        expectUnauthenticated(
          await call(route, null, subjects, { authorization }),
          tokenMissing,
          authorization.slice(0, 30),
        )
      }
      for (const elsewhere of [
        'x-authorization',
        'proxy-authorization',
        'x-access-token',
        'x-forwarded-access-token',
      ]) {
        expectUnauthenticated(
          await call(route, null, subjects, { [elsewhere]: `Bearer ${token}` }),
          tokenMissing,
          elsewhere,
        )
      }
      expectUnauthenticated(
        await call(route, null, subjects, { cookie: `access_token=${token}` }),
        tokenMissing,
        'cookie',
      )
      const inQuery = await client.call(route.method, `${pathOf(route, subjects)}?access_token=${token}`, {
        token: null,
      })
      expectUnauthenticated(inQuery, tokenMissing, 'query')
    })
  })

  it('the scheme may be written in any case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      const headers = { authorization: `${scheme}  ${kitter.adminToken} ` }
      expect((await client.call('GET', '/users', { token: null, headers })).status, scheme).toBe(200)
    }
  })

  it('a second header does not help', async () => {
    const lines = [
      'GET /users HTTP/1.1',
      'Host: a',
      'Authorization: Bearer nonsense',
      `Authorization: Bearer ${kitter.adminToken}`,
    ]
    const [answer] = answersIn(await exchange(kitter.url, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`))
    expect(answer?.status).toBe(401)
  })
})

describe('With a token that is not to be believed', () => {
  it.each(closed)('nobody is let in: %s', async (_, route) => {
    await expectUnchanged(async () => {
      for (const [what, token] of invalidTokens) {
        expectUnauthenticated(await call(route, token), tokenInvalid, what)
      }
    })
  })

  it('is told apart from one that is: the forge can make right ones', async () => {
    expect((await client.call('GET', '/users', { token: await forge.token() })).status).toBe(200)
    const rightToo = [{ aud: ['account', 'kitter'] }, { nbf: 1 }, { exp: Math.floor(Date.now() / 1000) + 5 }]
    for (const claims of rightToo) {
      const answer = await client.call('GET', '/users', { token: await forge.token(claims) })
      expect(answer.status, JSON.stringify(claims)).toBe(200)
    }
  })

  it('is refused also when it was good a moment ago', async () => {
    const token = await forge.token()
    expect((await client.call('GET', '/users', { token })).status).toBe(200)
    const [header, payload] = token.split('.')
    for (const forged of [
      `${header}.${payload}.`,
      `${token.slice(0, -4)}AAAA`,
      `${header}.${payload}x.${token.split('.')[2]}`,
    ]) {
      expectUnauthenticated(await client.call('GET', '/users', { token: forged }), tokenInvalid, 'forged')
    }
  })
})

describe('Without a role of kitter', () => {
  it.each(closed)('nobody is let in: %s', async (_, route) => {
    await expectUnchanged(async () => {
      for (const [what, token] of tokensWithoutRole) {
        expectRefusal(await call(route, token), { status: 403, code: 'access.role_missing' }, what)
      }
    })
  })

  it('nobody is let in by logging in', async () => {
    const username = uniqueName()
    const roles = ['kitter-admin']
    const attributes = { domain: home, roles, realm_access: 'kitter-admin', 'realm_access.roles': roles, groups: roles }
    await kitter.createUser(username, { attributes, credentials: { password: 'correct horse' } })
    const { access_token: token } = await kitter.logIn(username, 'correct horse')
    for (const [name, route] of closed) {
      expectRefusal(await call(route, String(token)), { status: 403, code: 'access.role_missing' }, name)
    }
  })
})

describe.each(roles)('A %s', (role) => {
  const mayCall = (name: string): boolean => accessTable[name]?.includes(role) ?? false
  const tokenOf = (): Promise<string> => kitter.token(role, role === 'kitter-domain-admin' ? home : undefined)

  it.each(closed.filter(([name]) => mayCall(name)))('may call %s', async (_, route) => {
    const token = await tokenOf()
    const answer = await call(route, token, await createSubjects(kitter, home, token, route))
    expect({ status: answer.status, text: answer.text.slice(0, 200) }).toMatchObject({ status: route.success })
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  const forbidden = closed.filter(([name]) => !mayCall(name))
  it.runIf(forbidden.length > 0).each(forbidden)('may not call %s', async (_, route) => {
    const token = await tokenOf()
    await expectUnchanged(async () => {
      expectRefusal(await call(route, token), { status: 403, code: 'access.forbidden' })
    })
  })
})

describe('Somebody with several roles', () => {
  const cases: readonly (readonly [readonly Role[], Role])[] = [
    [['kitter-viewer', 'kitter-domain-admin', 'kitter-admin'], 'kitter-admin'],
    [['kitter-viewer', 'kitter-admin'], 'kitter-admin'],
    [['kitter-viewer', 'kitter-domain-admin'], 'kitter-domain-admin'],
  ]

  it.each(cases)('%j acts as %s', async (held, strongest) => {
    const token = await forge.withRoles(held, { domain: home })
    for (const [name, route] of closed) {
      const { status } = await call(route, token, await createSubjects(kitter, home, token, route))
      expect(status, name).toBe(accessTable[name]?.includes(strongest) ? route.success : 403)
    }
  })

  it('a domain admin without a domain does not fall back to what a viewer may', async () => {
    const token = await forge.withRoles(['kitter-viewer', 'kitter-domain-admin'])
    expectRefusal(await client.call('GET', '/users', { token }), { status: 403, code: 'access.no_domain' })
  })
})

describe('A domain admin whose token names no domain', () => {
  const claims = [undefined, null, '', [], ['a.example', home], [''], `${home}\0`, 5, true, { domain: home }, [[home]]]

  it.each(closed)('may do nothing: %s', async (name, route) => {
    const code = accessTable[name]?.includes('kitter-domain-admin') ? 'access.no_domain' : 'access.forbidden'
    await expectUnchanged(async () => {
      for (const claim of claims) {
        expectRefusal(await call(route, await forge.domainAdmin(claim)), { status: 403, code }, JSON.stringify(claim))
      }
    })
  })
})
