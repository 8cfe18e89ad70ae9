import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '#kernel'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { census } from '../errors/census.fixture.ts'
import { expectRefusal } from '../errors/refusal.fixture.ts'
import { named, pathOf, type Route, uniqueName } from '../errors/routes.fixture.ts'
import { giveRoles } from './give-roles.fixture.ts'

const home = 'home.example'
const password = 'correct horse battery staple'

interface Account {
  readonly id: string
  readonly username: string
}

let kitter: TestKitter
let domainAdmin: string
let viewer: string

beforeAll(async () => {
  kitter = await TestKitter.start()
  await kitter.createDomain(home)
  await kitter.createDomain('below.example', home)
  await kitter.createDomain('elsewhere.example')
  domainAdmin = await kitter.token('kitter-domain-admin', home)
  viewer = await kitter.token('kitter-viewer')
})
afterAll(() => kitter[Symbol.asyncDispose]())

async function createAccount(domain: string, ...held: readonly Role[]): Promise<Account> {
  const username = uniqueName()
  const account = await kitter.createUser(username, {
    email: `${username}@example.com`,
    attributes: { domain },
    credentials: { password },
  })
  await giveRoles(kitter, account.id, ...held)
  return account
}

const patches: Readonly<Record<string, object>> = {
  'its password': { credentials: { password: 'mine now' } },
  'its password, for once': { credentials: { password: 'mine now', temporary: true } },
  'its email': { email: 'mine@example.com', email_verified: true },
  'its username': { username: 'mine' },
  'its name': { first_name: 'Mine' },
  'its domain': { attributes: { domain: 'below.example' } },
  'an attribute': { attributes: { key: 'value' } },
  'whether it is enabled': { enabled: false },
  nothing: {},
}

/** The operations that change one user: found in the table of routes, so that a new one can't be forgotten. */
const others = named.filter(
  ([, { method, path }]) => path.startsWith('/users/{id}') && method !== 'GET' && method !== 'PATCH',
)

function call(
  route: Pick<Route, 'method' | 'path'>,
  { id, username }: Account,
  token: string,
  body?: object,
): Promise<Answer> {
  const subjects = { domain: { id: '', name: '' }, user: { id, username, domain: home }, entry: '' }
  return kitter.call(route.method, pathOf(route, subjects), { token, ...(body && { body }) })
}

const patch = { method: 'PATCH', path: '/users/{id}' } as const
const refused = { status: 403, code: 'access.administrator' }

async function expectUntouched(account: Account, calls: () => Promise<void>): Promise<void> {
  const { refresh_token: session } = await kitter.logIn(account.username, password)
  const before = await census(kitter)
  await calls()
  expect(await census(kitter)).toEqual(before)
  expect(await kitter.refresh(session)).toHaveProperty('access_token')
  expect(await kitter.logIn(account.username, password)).toHaveProperty('access_token')
}

it('the operations on one user are those that are tested here', () => {
  expect(others.map(([name]) => name)).toEqual([
    'DELETE /users/{id}',
    'POST /users/{id}/logout',
    'POST /users/{id}/reset-password-email',
  ])
})

describe.each(roles)('An account with the role %s', (role) => {
  it.each(Object.entries(patches))('lets no domain admin change %s', async (_, body) => {
    const account = await createAccount(home, role)
    await expectUntouched(account, async () => {
      expectRefusal(await call(patch, account, domainAdmin, body), refused)
      expectRefusal(await call(patch, account, viewer, body), { status: 403, code: 'access.forbidden' })
    })
  })

  it.each(others)('lets no domain admin do it: %s', async (_, route) => {
    const account = await createAccount(home, role)
    await expectUntouched(account, async () => {
      expectRefusal(await call(route, account, domainAdmin), refused)
      expectRefusal(await call(route, account, viewer), { status: 403, code: 'access.forbidden' })
    })
  })

  it.each(Object.entries(patches))('lets a kitter-admin change %s', async (_, body) => {
    const account = await createAccount(home, role)
    const unique = 'username' in body || 'email' in body ? { ...body, email: `${uniqueName()}@example.com` } : body
    expect((await call(patch, account, kitter.adminToken, unique)).status).toBe(200)
    await call({ method: 'DELETE', path: '/users/{id}' }, account, kitter.adminToken)
  })

  it.each(others)('lets a kitter-admin do it: %s', async (_, route) => {
    expect((await call(route, await createAccount(home, role), kitter.adminToken)).status).toBe(route.success)
  })

  it('is seen by the domain admin all the same', async () => {
    const account = await createAccount(home, role)
    const read = await call({ method: 'GET', path: '/users/{id}' }, account, domainAdmin)
    expect(read).toMatchObject({ status: 200, body: { user: { username: account.username } } })
    const found = await kitter.call('GET', `/users?exact=true&username=${account.username}`, { token: domainAdmin })
    expect(found.body).toMatchObject({ total: 1 })
  })

  it('is as protected in a domain below', async () => {
    const account = await createAccount('below.example', role)
    expectRefusal(await call(patch, account, domainAdmin, { credentials: { password: 'mine now' } }), refused)
  })

  it('is not there at all when it lives elsewhere', async () => {
    const account = await createAccount('elsewhere.example', role)
    const unknown = { status: 404, code: 'user.unknown' }
    await expectUntouched(account, async () => {
      expectRefusal(await call(patch, account, domainAdmin, { enabled: false }), unknown)
      for (const [, route] of others) expectRefusal(await call(route, account, domainAdmin), unknown)
    })
  })
})

describe('A domain admin', () => {
  it('cannot change their own account either, nor raise it', async () => {
    const account = await createAccount(home, 'kitter-domain-admin')
    const { access_token: own } = await kitter.logIn(account.username, password)
    for (const body of Object.values(patches)) expectRefusal(await call(patch, account, String(own), body), refused)
  })

  it('may change an account that has lost its roles', async () => {
    const account = await createAccount(home, 'kitter-viewer')
    expectRefusal(await call(patch, account, domainAdmin, { first_name: 'Jane' }), refused)
    await giveRoles(kitter, account.id)
    expect((await call(patch, account, domainAdmin, { first_name: 'Jane' })).status).toBe(200)
  })

  it('cannot make an administrator by attributes', async () => {
    const attributes = {
      roles: ['kitter-admin'],
      realm_access: 'kitter-admin',
      realmRoles: ['kitter-admin'],
      role: 'admin',
    }
    const username = uniqueName()
    const body = { user: { username, attributes, credentials: { password } } }
    expect((await kitter.call('POST', '/users', { token: domainAdmin, body })).status).toBe(201)
    const { access_token: own } = await kitter.logIn(username, password)
    const answer = await kitter.call('GET', '/users', { token: String(own) })
    expectRefusal(answer, { status: 403, code: 'access.role_missing' })
  })

  it('cannot give roles, groups or required actions in a body', async () => {
    const strangers = [
      'roles',
      'realmRoles',
      'realm_roles',
      'clientRoles',
      'groups',
      'requiredActions',
      'federationLink',
    ]
    for (const field of strangers) {
      const body = { user: { username: uniqueName(), [field]: ['kitter-admin'] } }
      for (const token of [domainAdmin, kitter.adminToken]) {
        const answer = await kitter.call('POST', '/users', { token, body })
        expectRefusal(answer, { status: 400, code: 'request.invalid', fields: [`user.${field}`] })
      }
    }
  })

  it('ends the sessions of administrators together with those of the domain', async () => {
    const name = uniqueName()
    const { id } = await kitter.createDomain(name, home)
    const account = await createAccount(name, 'kitter-viewer')
    const { refresh_token: session } = await kitter.logIn(account.username, password)
    const answer = await kitter.call('POST', `/domains/${id}/logout`, { token: domainAdmin })
    expect(answer).toMatchObject({ status: 200, body: { logged_out: 1 } })
    expect(await kitter.refresh(session)).not.toHaveProperty('access_token')
  })
})
