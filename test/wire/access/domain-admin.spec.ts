import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type CallOptions, TestKitter } from '../../support/test-kitter.ts'
import { census } from '../errors/census.fixture.ts'
import { expectRefusal, invalid } from '../errors/refusal.fixture.ts'
import { pathOf, type Subjects, uniqueName, withId } from '../errors/routes.fixture.ts'
import { accessTable } from './access-table.fixture.ts'
import { giveRoles } from './give-roles.fixture.ts'
import { TokenForge } from './token-forge.fixture.ts'

/*
 * quobis ─┬─ anonymous
 *         ├─ north ─┬─ north-a ── north-a-1
 *         │         └─ north-b
 *         ├─ south ── south-a
 *         ├─ a.north        below the root: names say nothing of the tree
 *         └─ north2
 */
const tree = {
  north: 'quobis',
  'north-a': 'north',
  'north-a-1': 'north-a',
  'north-b': 'north',
  south: 'quobis',
  'south-a': 'south',
  'a.north': 'quobis',
  north2: 'quobis',
} as const
type Name = keyof typeof tree

const inside: readonly Name[] = ['north', 'north-a', 'north-a-1', 'north-b']
const outside: readonly Name[] = ['south', 'south-a', 'a.north', 'north2']

interface User {
  readonly id: string
  readonly username: string
  readonly attributes: { readonly domain: string }
}

let kitter: TestKitter
let forge: TokenForge
let token: string
const domains = new Map<string, string>()
const residents = new Map<string, User>()

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  forge = await TokenForge.of(kitter)
  token = await kitter.token('kitter-domain-admin', 'north')
  for (const [name, parent] of Object.entries(tree)) domains.set(name, (await kitter.createDomain(name, parent)).id)
  for (const domain of [...Object.keys(tree), 'quobis', 'anonymous']) {
    const verified = domain !== 'north-b'
    const user = {
      email: `of-${domain}@example.com`,
      email_verified: verified,
      attributes: { domain, phone_number: `tel ${domain}` },
    }
    residents.set(domain, (await kitter.createUser(`of-${domain}`, user)) as User)
  }
  const listed = (await kitter.call('GET', '/domains')).body as { domains: { domain: string; id: string }[] }
  for (const { domain, id } of listed.domains) domains.set(domain, id)
})
afterAll(() => kitter[Symbol.asyncDispose]())

const call = (method: string, path: string, options: CallOptions = {}): Promise<Answer> =>
  kitter.call(method, path, { token, ...options })
const idOf = (domain: string): string => domains.get(domain) ?? 'no such domain'
const resident = (domain: string): User => residents.get(domain) ?? { id: '', username: '', attributes: { domain: '' } }

async function domainsSeen(query = '', by = token): Promise<string[]> {
  const answer = await kitter.call('GET', `/domains${query}`, { token: by })
  return (answer.body as { domains: { domain: string }[] }).domains.map(({ domain }) => domain)
}

async function usersSeen(query = '', by = token): Promise<{ usernames: string[]; total: number }> {
  const answer = await kitter.call('GET', `/users${query}`, { token: by })
  const { users, total } = answer.body as { users: User[]; total: number }
  return { usernames: users.map(({ username }) => username), total }
}

async function expectUnchanged(calls: () => Promise<void>): Promise<void> {
  const before = withoutJournal(await census(kitter))
  await calls()
  expect(withoutJournal(await census(kitter))).toEqual(before)
}

/** What was tried and refused is in the journal, and nowhere else. */
function withoutJournal({ 'kitter.operations': _, ...tables }: Awaited<ReturnType<typeof census>>): object {
  return tables
}

describe('A domain admin sees their domain and those below it, and no others', () => {
  it('in the list of domains', async () => {
    expect(await domainsSeen()).toEqual(inside)
    expect(await domainsSeen('?nameContains=north')).toEqual(inside)
    expect(await domainsSeen('?nameContains=')).toEqual(inside)
    expect(await domainsSeen('?nameContains=NORTH-A')).toEqual(['north-a', 'north-a-1'])
    expect(await domainsSeen('?nameContains=south')).toEqual([])
    for (const name of inside) expect(await domainsSeen(`?name=${name}`)).toEqual([name])
    for (const name of [...outside, 'quobis', 'anonymous']) expect(await domainsSeen(`?name=${name}`)).toEqual([])
  })

  it('in the list of users, and its total', async () => {
    const usernames = inside.map((name) => `of-${name}`)
    const all = { usernames, total: inside.length }
    expect(await usersSeen()).toEqual(all)
    expect(await usersSeen('?username=of-')).toEqual(all)
    expect(await usersSeen('?email=@example.com')).toEqual(all)
    expect(await usersSeen('?username=')).toEqual(all)
    expect(await usersSeen('?email_verified=false')).toEqual({ usernames: ['of-north-b'], total: 1 })
  })

  it('in every filter', async () => {
    const filters = (name: string) => [
      `domain=${name}`,
      `domain=${name.toUpperCase()}`,
      `exact=true&username=of-${name}`,
      `exact=true&email=of-${name}@example.com`,
      `email=of-${name}@`,
      `phone_number=tel%20${name}`,
    ]
    for (const name of inside) {
      for (const filter of filters(name)) {
        expect(await usersSeen(`?${filter}`), filter).toEqual({ usernames: [`of-${name}`], total: 1 })
      }
    }
    for (const name of [...outside, 'quobis', 'anonymous', 'nowhere']) {
      for (const filter of filters(name))
        expect(await usersSeen(`?${filter}`), filter).toEqual({ usernames: [], total: 0 })
      expect(await usersSeen(`?domain=${name}&username=of-north`)).toEqual({ usernames: [], total: 0 })
    }
  })

  it('on every page', async () => {
    const pages: string[] = []
    for (let page = 0; page < inside.length + 2; page += 1) {
      const { usernames, total } = await usersSeen(`?paginate[max]=1&paginate[page]=${page}`)
      expect(total).toBe(inside.length)
      pages.push(...usernames)
    }
    expect(pages).toEqual(inside.map((name) => `of-${name}`))
  })

  it('one by one', async () => {
    for (const name of inside) {
      const user = resident(name)
      expect((await call('GET', `/domains/${idOf(name)}`)).body).toMatchObject({
        domain: { domain: name, parent: tree[name] },
      })
      expect((await call('GET', `/users/${user.id}`)).body).toMatchObject({ user: { username: user.username } })
      expect((await call('GET', `/users/${name}/${user.username}`)).body).toMatchObject({ id: user.id })
    }
    for (const name of [...outside, 'quobis', 'anonymous']) {
      const user = resident(name)
      expectRefusal(await call('GET', `/domains/${idOf(name)}`), { status: 404, code: 'domain.unknown' }, name)
      expectRefusal(await call('GET', `/users/${user.id}`), { status: 404, code: 'user.unknown' }, name)
      expectRefusal(await call('GET', `/users/${name}/${user.username}`), { status: 404, code: 'user.unknown' }, name)
    }
  })

  it('however deep the tree is', async () => {
    const names = Array.from({ length: 30 }, () => uniqueName())
    const [top = '', ...below] = names
    await kitter.createDomain(top)
    let parent = top
    for (const name of below) parent = (await kitter.createDomain(name, parent)).domain
    const username = uniqueName()
    await kitter.createUser(username, { attributes: { domain: parent } })
    const admin = await kitter.token('kitter-domain-admin', top)
    expect(await domainsSeen('', admin)).toEqual(names.toSorted())
    expect(await usersSeen('', admin)).toEqual({ usernames: [username], total: 1 })
  })

  it('also what came into it a moment ago, and not what went out', async () => {
    const [wanderer, username] = [uniqueName(), uniqueName()]
    const { id } = await kitter.createDomain(wanderer, 'south')
    await kitter.createUser(username, { attributes: { domain: wanderer } })
    expect(await domainsSeen(`?name=${wanderer}`)).toEqual([])
    for (const [parent, count] of [
      ['north-a-1', 1],
      ['south', 0],
    ] as const) {
      expect((await kitter.call('PATCH', `/domains/${id}`, { body: { parent } })).status).toBe(200)
      expect(await domainsSeen(`?name=${wanderer}`)).toHaveLength(count)
      expect((await usersSeen(`?username=${username}`)).total).toBe(count)
      expect((await call('GET', `/domains/${id}`)).status).toBe(count === 1 ? 200 : 404)
    }
  })
})

describe('To a domain admin, what is outside is not there', () => {
  const operations = withId.filter(([name]) => accessTable[name]?.includes('kitter-domain-admin'))

  it.each(operations)('%s', async (_, route) => {
    await expectUnchanged(async () => {
      for (const name of [...outside, 'quobis', 'anonymous']) {
        const { id, username } = resident(name)
        const subjects: Subjects = { domain: { id: idOf(name), name }, user: { id, username, domain: name }, entry: '' }
        const body = route.body?.(uniqueName())
        const answer = await call(route.method, pathOf(route, subjects), { ...(body !== undefined && { body }) })
        expectRefusal(answer, { status: 404, code: route.unknown ?? '' }, name)
      }
    })
  })

  it.each(operations)('what is outside and what is nowhere look alike: %s', async (_, route) => {
    const there: Subjects = {
      domain: { id: idOf('south'), name: 'south' },
      user: { ...resident('south'), domain: 'south' },
      entry: '',
    }
    const nowhere: Subjects = {
      domain: { id: '507f1f77bcf86cd799439011', name: 'nowhere' },
      user: { id: '550e8400-e29b-41d4-a716-446655440000', username: 'nobody', domain: 'nowhere' },
      entry: '',
    }
    const [first, second] = await Promise.all(
      [there, nowhere].map(async (subjects) => {
        const headers = { 'x-request-id': 'same' }
        const body = route.body?.(uniqueName())
        return call(route.method, pathOf(route, subjects), { headers, ...(body !== undefined && { body }) })
      }),
    )
    expect(first?.status).toBe(second?.status)
    expect(first?.text).toBe(second?.text)
  })

  it('nor is it with a body that is wrong by what only the outside knows', async () => {
    const bodies = [{ parent: 'south-a' }, { domain: 'north' }, { parent: 'south' }, { parent: 'nowhere' }]
    for (const body of bodies) {
      const answer = await call('PATCH', `/domains/${idOf('south')}`, { body })
      expectRefusal(answer, { status: 404, code: 'domain.unknown' }, JSON.stringify(body))
    }
    const answer = await call('PATCH', `/users/${resident('south').id}`, {
      body: { attributes: { domain: 'nowhere' } },
    })
    expectRefusal(answer, { status: 404, code: 'user.unknown' })
  })
})

describe('A domain outside that a body names is unknown', () => {
  const strangers = [...outside, 'quobis', 'anonymous', 'nowhere', 'SOUTH']

  async function expectUnknown(field: string, send: (name: string) => Promise<Answer>): Promise<void> {
    const texts = new Set<string>()
    await expectUnchanged(async () => {
      for (const name of strangers) {
        const answer = await send(name)
        expectRefusal(answer, invalid(field), name)
        texts.add(answer.text)
      }
    })
    expect(texts.size, 'the answers tell where something is').toBe(1)
  }
  const headers = { 'x-request-id': 'same' }

  it('as the home of a new user', () =>
    expectUnknown('user.attributes.domain', (domain) =>
      call('POST', '/users', { headers, body: { user: { username: uniqueName(), attributes: { domain } } } }),
    ))

  it('as the new home of a user', () =>
    expectUnknown('attributes.domain', (domain) =>
      call('PATCH', `/users/${resident('north').id}`, { headers, body: { attributes: { domain } } }),
    ))

  it('as the parent of a new domain', () =>
    expectUnknown('domain.parent', (parent) =>
      call('POST', '/domains', { headers, body: { domain: { domain: uniqueName(), parent } } }),
    ))

  it('as the new parent of a domain', () =>
    expectUnknown('parent', (parent) => call('PATCH', `/domains/${idOf('north-b')}`, { headers, body: { parent } })))

  it("as the new parent of the domain admin's own", async () => {
    await expectUnchanged(async () => {
      for (const parent of strangers.filter((name) => name !== 'quobis')) {
        const answer = await call('PATCH', `/domains/${idOf('north')}`, { body: { parent } })
        expectRefusal(answer, invalid('parent'), parent)
      }
    })
  })

  it('as the root, which a parent of null is', async () => {
    const answer = await call('PATCH', `/domains/${idOf('north-b')}`, { body: { parent: null } })
    expectRefusal(answer, invalid('parent'))
  })

  it('together with nothing else of the same request', async () => {
    await expectUnchanged(async () => {
      const body = {
        first_name: 'Jane',
        credentials: { password: 'another' },
        attributes: { domain: 'south', key: 'value' },
      }
      expectRefusal(await call('PATCH', `/users/${resident('north').id}`, { body }), invalid('attributes.domain'))
      const domain = { enable_anonymous: true, origins: ['https://example.com'], parent: 'south' }
      expectRefusal(await call('PATCH', `/domains/${idOf('north-b')}`, { body: domain }), invalid('parent'))
    })
  })
})

describe('A domain admin who names no domain', () => {
  it('means their own, for a new user', async () => {
    for (const attributes of [undefined, {}, { domain: null }, { domain: [] }]) {
      const user = { username: uniqueName(), ...(attributes && { attributes }) }
      const answer = await call('POST', '/users', { body: { user } })
      expect(answer, JSON.stringify(attributes)).toMatchObject({
        status: 201,
        body: { user: { attributes: { domain: 'north' } } },
      })
      await call('DELETE', `/users/${(answer.body as { user: User }).user.id}`)
    }
  })

  it('means their own, for a user who is to have none', async () => {
    const { id } = await kitter.createUser(uniqueName(), { attributes: { domain: 'north-a' } })
    const answer = await call('PATCH', `/users/${id}`, { body: { attributes: { domain: null } } })
    expect(answer).toMatchObject({ status: 200, body: { user: { attributes: { domain: 'north' } } } })
    await call('DELETE', `/users/${id}`)
  })

  it('means their own, as the parent of a new domain', async () => {
    for (const parent of [undefined, null]) {
      const answer = await call('POST', '/domains', { body: { domain: { domain: uniqueName(), parent } } })
      expect(answer).toMatchObject({ status: 201, body: { domain: { parent: 'north' } } })
      await call('DELETE', `/domains/${(answer.body as { domain: { id: string } }).domain.id}`)
    }
  })
})

describe('Within their domain, a domain admin', () => {
  it('creates, changes, moves and deletes users', async () => {
    const created = await call('POST', '/users', {
      body: { user: { username: uniqueName(), attributes: { domain: 'NORTH-A-1' } } },
    })
    expect(created).toMatchObject({ status: 201, body: { user: { attributes: { domain: 'north-a-1' } } } })
    const path = `/users/${(created.body as { user: User }).user.id}`
    for (const domain of ['north', 'north-b', 'north-a-1']) {
      const moved = await call('PATCH', path, { body: { attributes: { domain } } })
      expect(moved).toMatchObject({ status: 200, body: { user: { attributes: { domain } } } })
    }
    expect((await call('POST', `${path}/logout`)).body).toEqual({ logged_out: 0 })
    expect((await call('DELETE', path)).status).toBe(204)
    expectRefusal(await call('GET', path), { status: 404, code: 'user.unknown' })
  })

  it('creates, changes, moves and deletes domains', async () => {
    const created = await call('POST', '/domains', { body: { domain: { domain: uniqueName(), parent: 'north-a' } } })
    expect(created.status).toBe(201)
    const path = `/domains/${(created.body as { domain: { id: string } }).domain.id}`
    for (const parent of ['north', 'north-a-1', 'NORTH-B']) {
      const moved = await call('PATCH', path, { body: { parent } })
      expect(moved).toMatchObject({ status: 200, body: { domain: { parent: parent.toLowerCase() } } })
    }
    expect((await call('PATCH', path, { body: { domain: uniqueName() } })).status).toBe(200)
    expect((await call('DELETE', path)).status).toBe(204)
  })

  it('keeps to the rules that all keep to', async () => {
    const refusals: readonly (readonly [string, string, unknown, string])[] = [
      ['PATCH', 'north', { parent: 'north-a-1' }, 'domain.loop'],
      ['PATCH', 'north-a', { parent: 'north-a' }, 'domain.loop'],
      ['PATCH', 'north-a', { domain: 'north-c' }, 'domain.not_empty'],
      ['DELETE', 'north', undefined, 'domain.not_empty'],
    ]
    await expectUnchanged(async () => {
      for (const [method, name, body, code] of refusals) {
        const answer = await call(method, `/domains/${idOf(name)}`, { ...(body !== undefined && { body }) })
        expectRefusal(answer, { status: 409, code }, `${method} ${name}`)
      }
    })
  })
})

describe("A domain admin's own domain", () => {
  it('may be changed', async () => {
    const answer = await call('PATCH', `/domains/${idOf('north')}`, { body: { services: { contacts: ['wac'] } } })
    expect(answer).toMatchObject({ status: 200, body: { domain: { services: { contacts: ['wac'] } } } })
  })

  it('stays where it is when that is what the body says', async () => {
    for (const parent of ['quobis', 'QUOBIS', null]) {
      const answer = await call('PATCH', `/domains/${idOf('north')}`, { body: { parent } })
      expect(answer, String(parent)).toMatchObject({
        status: 200,
        body: { domain: { domain: 'north', parent: 'quobis' } },
      })
    }
    const admin = await kitter.token('kitter-domain-admin', 'south-a')
    const answer = await kitter.call('PATCH', `/domains/${idOf('south-a')}`, {
      token: admin,
      body: { parent: 'south' },
    })
    expect(answer).toMatchObject({ status: 200, body: { domain: { parent: 'south' } } })
    const toRoot = await kitter.call('PATCH', `/domains/${idOf('south-a')}`, { token: admin, body: { parent: null } })
    expectRefusal(toRoot, invalid('parent'))
  })

  it('may be deleted when it is empty, and then there is none', async () => {
    const { domain, id } = await kitter.createDomain(uniqueName(), 'north')
    const admin = await kitter.token('kitter-domain-admin', domain)
    expect((await kitter.call('DELETE', `/domains/${id}`, { token: admin })).status).toBe(204)
    expect(await domainsSeen('', admin)).toEqual([])
    const answer = await kitter.call('POST', '/users', { token: admin, body: { user: { username: uniqueName() } } })
    expectRefusal(answer, invalid('user.attributes.domain'))
  })

  it('may be the root, which is still protected', async () => {
    const admin = await kitter.token('kitter-domain-admin', 'quobis')
    expect(await domainsSeen('', admin)).toEqual(await domainsSeen('', kitter.adminToken))
    expect((await usersSeen('', admin)).total).toBe((await usersSeen('', kitter.adminToken)).total)
    const options = { token: admin, body: { enable_anonymous: true } }
    for (const name of ['quobis', 'anonymous']) {
      const refusal = { status: 409, code: 'domain.protected' }
      expectRefusal(await kitter.call('PATCH', `/domains/${idOf(name)}`, options), refusal)
      expectRefusal(await kitter.call('DELETE', `/domains/${idOf(name)}`, { token: admin }), refusal)
    }
    expectRefusal(await kitter.call('POST', '/users/logout', { token: admin }), {
      status: 403,
      code: 'access.forbidden',
    })
  })
})

describe('A domain admin of a domain that is not there', () => {
  const claims = [
    'nowhere',
    '%',
    '_',
    'north%',
    "north' OR '1'='1",
    '\ud800',
    'a'.repeat(5000),
    'north ',
    '*',
    '../north',
  ]

  it.each(claims)('sees nothing: %j', async (claim) => {
    const admin = await forge.domainAdmin(claim)
    await expectUnchanged(async () => {
      expect(await domainsSeen('', admin)).toEqual([])
      expect(await usersSeen('', admin)).toEqual({ usernames: [], total: 0 })
      expect(await usersSeen('?domain=north&paginate[page]=1', admin)).toEqual({ usernames: [], total: 0 })
      const user = resident('north')
      for (const path of [`/users/${user.id}`, `/users/north/${user.username}`, `/domains/${idOf('north')}`]) {
        expect((await kitter.call('GET', path, { token: admin })).status, path).toBe(404)
      }
      const newUser = { body: { user: { username: uniqueName() } }, token: admin }
      expectRefusal(await kitter.call('POST', '/users', newUser), invalid('user.attributes.domain'))
      const newDomain = { body: { domain: { domain: uniqueName() } }, token: admin }
      expectRefusal(await kitter.call('POST', '/domains', newDomain), invalid('domain.parent'))
    })
  })
})

describe('The domain claim', () => {
  it.each([
    ['in capitals', 'NORTH'],
    ['in a list of one', ['north']],
    ['in both', ['North']],
  ])('counts %s', async (_, claim) => {
    const admin = await forge.domainAdmin(claim)
    expect(await domainsSeen('', admin)).toEqual(inside)
    expect((await usersSeen('', admin)).total).toBe(inside.length)
    expect((await kitter.call('GET', `/users/${resident('north-a-1').id}`, { token: admin })).status).toBe(200)
  })

  it("means nothing in others' tokens", async () => {
    const everything = await usersSeen('', kitter.adminToken)
    for (const role of ['kitter-admin', 'kitter-viewer']) {
      expect(await usersSeen('', await forge.withRoles([role], { domain: 'north' }))).toEqual(everything)
    }
  })

  it('is that of the account that logs in', async () => {
    const username = uniqueName()
    const { id } = await kitter.createUser(username, {
      attributes: { domain: 'north-a' },
      credentials: { password: 'correct horse' },
    })
    await giveRoles(kitter, id, 'kitter-domain-admin')
    const { access_token: own } = await kitter.logIn(username, 'correct horse')
    expect(await domainsSeen('', String(own))).toEqual(['north-a', 'north-a-1'])
    await kitter.call('DELETE', `/users/${id}`)
  })
})

describe('A name that is taken outside', () => {
  it('is taken: a 409 does tell that', async () => {
    await expectUnchanged(async () => {
      const username = { user: { username: 'OF-South' } }
      expectRefusal(await call('POST', '/users', { body: username }), { status: 409, code: 'user.name_taken' })
      const email = { user: { username: uniqueName(), email: 'OF-south@example.com' } }
      expectRefusal(await call('POST', '/users', { body: email }), { status: 409, code: 'user.email_taken' })
      const domain = { domain: { domain: 'South' } }
      expectRefusal(await call('POST', '/domains', { body: domain }), { status: 409, code: 'domain.name_taken' })
      const path = `/users/${resident('north').id}`
      expectRefusal(await call('PATCH', path, { body: { username: 'of-south' } }), {
        status: 409,
        code: 'user.name_taken',
      })
      const mail = { email: 'of-south@example.com' }
      expectRefusal(await call('PATCH', path, { body: mail }), { status: 409, code: 'user.email_taken' })
    })
  })

  it('is told without anything else of whose it is', async () => {
    const answer = await call('POST', '/users', { body: { user: { username: 'of-south' } } })
    expect(answer.text).not.toContain(resident('south').id)
    expect(answer.text).not.toContain('of-south')
  })
})

describe('Logging out', () => {
  async function loggedIn(domain: string): Promise<{ id: string; refresh: () => Promise<boolean> }> {
    const username = uniqueName()
    const { id } = await kitter.createUser(username, {
      attributes: { domain },
      credentials: { password: 'correct horse' },
    })
    const { refresh_token: refreshToken } = await kitter.logIn(username, 'correct horse')
    return { id, refresh: async () => 'access_token' in (await kitter.refresh(refreshToken)) }
  }

  it('a domain ends the sessions of those who live in it, not below it and not beside it', async () => {
    const [own, below, beside] = await Promise.all(['north', 'north-a', 'south'].map(loggedIn))
    expect(await call('POST', `/domains/${idOf('north')}/logout`)).toMatchObject({
      status: 200,
      body: { logged_out: 1 },
    })
    expect(await Promise.all([own?.refresh(), below?.refresh(), beside?.refresh()])).toEqual([false, true, true])
    for (const somebody of [own, below, beside]) await kitter.call('DELETE', `/users/${somebody?.id}`)
  })

  it('somebody outside ends nothing', async () => {
    const outsider = await loggedIn('south')
    expectRefusal(await call('POST', `/users/${outsider.id}/logout`), { status: 404, code: 'user.unknown' })
    expectRefusal(await call('POST', `/domains/${idOf('south')}/logout`), { status: 404, code: 'domain.unknown' })
    expectRefusal(await call('POST', '/users/logout'), { status: 403, code: 'access.forbidden' })
    expect(await outsider.refresh()).toBe(true)
    await kitter.call('DELETE', `/users/${outsider.id}`)
  })
})
