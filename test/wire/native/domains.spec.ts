import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { invalid, invalidBecause, pathsIn, refusal } from './refusal.fixture.ts'

const aDomainId: unknown = expect.stringMatching(/^[0-9a-f]{24}$/)
const unknownId = '0123456789abcdef01234567'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

async function names(query = ''): Promise<string[]> {
  const { status, body } = await api.listDomains(query)
  expect(status).toBe(200)
  return body.domains.map(({ domain }) => domain)
}

async function idOf(name: string): Promise<string> {
  const { body } = await api.listDomains({ name })
  return body.domains[0]!.id
}

describe('Creating a domain', () => {
  it('answers 201 with the whole domain, and what was left out has its default', async () => {
    const { status, body, headers } = await api.createDomain({ domain: 'plain.example.com' })

    expect(status).toBe(201)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(body).toEqual({
      domain: {
        id: aDomainId,
        domain: 'plain.example.com',
        enable_anonymous: false,
        anonymous_capabilities: [],
        origins: [],
        parent: 'quobis',
        remote_sip_register: false,
        services: {},
      },
    })
    expect(await api.readDomain(body.domain.id)).toMatchObject({ status: 200, body })
  })

  it('keeps everything that is given, here and at wac-core', async () => {
    await kitter.createDomain('full-parent.example.com')
    const domain = {
      domain: 'full.example.com',
      enable_anonymous: true,
      anonymous_capabilities: ['call', 'chat'],
      origins: ['https://example.com', '/.*/', '/^https:\\/\\/[a-z]+\\.example\\.com$/'],
      parent: 'full-parent.example.com',
      remote_sip_register: false,
      services: { contacts: ['wac', 'static'], callcontrol: ['string'] },
    }
    const { status, body } = await api.createDomain(domain)

    expect(status).toBe(201)
    expect(body).toEqual({ domain: { id: aDomainId, ...domain } })
    expect((await api.readDomain(body.domain.id)).body).toEqual(body)
    expect(await look.domainAtWacCore(body.domain.id)).toEqual({
      domain: 'full.example.com',
      parent: 'full-parent.example.com',
      enableAnonymous: true,
      anonymousExpiration: 0,
      anonymousCapabilities: domain.anonymous_capabilities,
      origins: domain.origins,
      remoteSipRegister: false,
      services: domain.services,
    })
  })

  it('knows all fourteen services', async () => {
    const services = Object.fromEntries(
      [
        ...['callcontrol', 'contacts', 'datapipe', 'filesharing', 'filetransfer', 'forms', 'login', 'meetings'],
        ...['oauth2client', 'presence', 'remotelog', 'usersettings', 'usersgroup', 'xmpp'],
      ].map((name) => [name, [`${name} setting`]]),
    )
    const { status, body } = await api.createDomain({ domain: 'services.example.com', services })

    expect(status).toBe(201)
    expect(body.domain.services).toEqual(services)
  })

  it('refuses a service that there is none of', async () => {
    expect(
      await api.createDomain({
        domain: 'no-such-service.example.com',
        services: { fax: [], login: 'x' },
      }),
    ).toEqual(invalid('domain.services.fax', 'domain.services.login'))
    expect(await names('name=no-such-service.example.com')).toEqual([])
  })

  it.each(['507f1f77bcf86cd799439011', 17, null, { an: 'object' }])('ignores the id %j in the body', async (id) => {
    const name = `id-${typeof id}-${id === null}.example.com`
    const { status, body } = await api.createDomain({ id, domain: name })

    expect(status).toBe(201)
    expect(body.domain).toMatchObject({ id: aDomainId, domain: name })
    expect(body.domain.id).not.toBe(id)
  })

  it('keeps the name lower-case and finds its parent in any case', async () => {
    await kitter.createDomain('cased-parent.example.com')
    const { status, body } = await api.createDomain({ domain: 'CasEd.Example.COM', parent: 'CASED-parent.example.com' })

    expect(status).toBe(201)
    expect(body.domain).toMatchObject({ domain: 'cased.example.com', parent: 'cased-parent.example.com' })
    const again = await api.createDomain({ domain: 'CASED.example.com' })
    expect(again).toEqual(refusal(409, 'domain.name_taken', 'There is a domain named cased.example.com already.'))
  })

  it('takes no parent, null and the root for the same', async () => {
    const made = await Promise.all([
      api.createDomain({ domain: 'top-absent.example.com' }),
      api.createDomain({ domain: 'top-null.example.com', parent: null }),
      api.createDomain({ domain: 'top-named.example.com', parent: 'quobis' }),
    ])

    expect(made.map(({ status, body }) => [status, body.domain.parent])).toEqual(Array(3).fill([201, 'quobis']))
  })

  it('refuses an unknown parent, and nothing of the domain is left', async () => {
    expect(await api.createDomain({ domain: 'orphan.example.com', parent: 'nowhere.example.com' })).toEqual(
      invalidBecause('domain.parent', 'names an unknown domain'),
    )
    expect(await names('name=orphan.example.com')).toEqual([])
    expect(await look.count('sandbox.wac_domains', 'domain = $1', 'orphan.example.com')).toBe(0)
  })

  it('refuses the names of the platform’s own domains', async () => {
    for (const name of ['quobis', 'anonymous', 'Anonymous']) {
      expect(await api.createDomain({ domain: name })).toEqual(refusal(409, 'domain.name_taken'))
    }
  })

  it('makes one of eight that come at once with one name', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.createDomain({ domain: 'contested.example.com' })),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(7).fill(409)])
    for (const refused of answers.filter(({ status }) => status === 409))
      expect(refused).toEqual(refusal(409, 'domain.name_taken'))
    expect(await names('name=contested.example.com')).toEqual(['contested.example.com'])
    expect(await look.count('sandbox.wac_domains', 'domain = $1', 'contested.example.com')).toBe(1)
  })

  it('leaves nothing when wac-core knows the name and kitter doesn’t', async () => {
    const drift = '{"domain":"wac-only.example.com","parent":null,"services":{}}'
    await look.rows('INSERT INTO sandbox.wac_domains (id, document) VALUES ($1, $2)', 'a'.repeat(24), drift)
    expect(await api.createDomain({ domain: 'wac-only.example.com' })).toEqual(
      refusal(409, 'domain.name_taken', 'There is a domain named wac-only.example.com already.'),
    )
    expect(await names('name=wac-only.example.com')).toEqual([])
  })
})

describe('The format of a domain', () => {
  const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`

  it.each(['x', '7', 'a_b', '-', '_._', 'a-1.b_2.c', 'xn--bcher-kva.example', longest])(
    'takes the name %s on every way in',
    async (name) => {
      const created = await api.createDomain({ domain: name })
      expect(created).toMatchObject({ status: 201, body: { domain: { domain: name } } })
      await api.removeDomain(created.body.domain.id)

      const other = await kitter.createDomain(`formats-${name.length}.example.com`)
      expect(await api.updateDomain(other.id, { domain: name })).toMatchObject({
        status: 200,
        body: { domain: { domain: name } },
      })
      await api.removeDomain(other.id)
    },
  )

  const badNames = [
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    'a b',
    ' a',
    'a/b',
    'a%b',
    'bücher.example',
    'a\u0000',
    `${longest}e`,
    5,
    true,
    [],
  ]
  it.each(badNames.map((name) => ({ name })))('refuses the name $name on every way in', async ({ name }) => {
    const created = await api.createDomain({ domain: name })
    expect(created).toEqual(invalid('domain.domain'))

    const updated = await api.updateDomain(await idOf('quobis'), { domain: name })
    expect(updated).toEqual(invalid('domain'))
  })

  it('takes URLs and regular expressions between slashes for origins', async () => {
    const origins = [
      'https://example.com',
      'http://localhost:3000',
      'wss://x.example.com/path',
      '/.*/',
      '/^a\\/b$/',
      '/a/b/',
    ]
    const created = await api.createDomain({ domain: 'origins.example.com', origins })
    expect(created.body.domain.origins).toEqual(origins)

    for (const origin of [
      '',
      'example.com',
      '*',
      '/',
      '//',
      '/(/',
      '/.*',
      'javascript:alert(1)',
      'https://',
      7,
      null,
    ]) {
      const { id } = created.body.domain
      expect(await api.createDomain({ domain: 'no-origins.example.com', origins: [origin] })).toEqual(
        invalid('domain.origins.0'),
      )
      expect(await api.updateDomain(id, { origins: ['/.*/', origin] })).toEqual(invalid('origins.1'))
    }
  })

  it('tells everything that is wrong at once', async () => {
    const { status, body } = await api.createDomain({
      enable_anonymous: 'yes',
      anonymous_capabilities: ['call', 7],
      origins: ['example.com', '/(/', 'https://fine.example.com'],
      parent: 'a b',
      remote_sip_register: 1,
      services: [],
    })

    expect(status).toBe(400)
    expect(pathsIn(body)).toEqual([
      'domain.anonymous_capabilities.1',
      'domain.domain',
      'domain.enable_anonymous',
      'domain.origins.0',
      'domain.origins.1',
      'domain.parent',
      'domain.remote_sip_register',
      'domain.services',
    ])
  })

  it('refuses remote_sip_register while the operator hasn’t switched it on', async () => {
    const created = await api.createDomain({ domain: 'remote-sip.example.com', remote_sip_register: true })
    expect(created).toEqual(
      invalidBecause('domain.remote_sip_register', 'is switched off here; contact your administrator'),
    )

    const { id } = await kitter.createDomain('local-sip.example.com')
    const updated = await api.updateDomain(id, { remote_sip_register: true })
    expect(updated).toEqual(invalidBecause('remote_sip_register', 'is switched off here; contact your administrator'))
    expect((await api.updateDomain(id, { remote_sip_register: false })).status).toBe(200)
  })
})

describe('Listing domains', () => {
  it('shows the root without a parent, and below it the domain of those without an account', async () => {
    const answers = await Promise.all(['quobis', 'anonymous'].map((name) => api.listDomains({ name })))

    const platformDomain = {
      id: aDomainId,
      enable_anonymous: false,
      anonymous_capabilities: [],
      origins: [],
      remote_sip_register: false,
      services: {},
    }
    expect(answers.map(({ body }) => body)).toEqual([
      { domains: [{ ...platformDomain, domain: 'quobis', parent: null }] },
      { domains: [{ ...platformDomain, domain: 'anonymous', parent: 'quobis' }] },
    ])
  })

  it('lists all of them by name, without a filter', async () => {
    for (const name of ['z.order', 'a.order', 'a_b.order', 'a-b.order', 'a.b.order', '1.order', 'ab.order'])
      await kitter.createDomain(name)

    const all = await names()
    expect(all).toEqual(all.toSorted())
    expect(all).toEqual(expect.arrayContaining(['quobis', 'anonymous', 'z.order', 'a_b.order']))
    expect(await names('nameContains=.order')).toEqual([
      '1.order',
      'a-b.order',
      'a.b.order',
      'a.order',
      'a_b.order',
      'ab.order',
      'z.order',
    ])
  })

  it('filters by the exact name, in any case, and by a part of it', async () => {
    await kitter.createDomain('sales.filters.com')
    await kitter.createDomain('sales.filters.com.mx')

    expect(await names('name=SALES.Filters.com')).toEqual(['sales.filters.com'])
    expect(await names('name=ales.filters.com')).toEqual([])
    expect(await names('nameContains=ALES.filters.COM')).toEqual(['sales.filters.com', 'sales.filters.com.mx'])
    expect(await names('nameContains=.com.mx')).toEqual(['sales.filters.com.mx'])
    expect(await names('nameContains=no.such.filters')).toEqual([])
  })

  it('combines the filters with AND', async () => {
    await kitter.createDomain('one.both.com')
    await kitter.createDomain('two.both.com')

    expect(await names('name=one.both.com&nameContains=both')).toEqual(['one.both.com'])
    expect(await names('name=one.both.com&nameContains=two')).toEqual([])
  })

  it('takes wildcards literally', async () => {
    await kitter.createDomain('wild_card.com')
    await kitter.createDomain('wildxcard.com')

    expect(await names('nameContains=d_c')).toEqual(['wild_card.com'])
    expect(await names('nameContains=wild%25card')).toEqual([])
    expect(await names('nameContains=%25')).toEqual([])
    expect(await names('nameContains=%5C')).toEqual([])
    expect(await names('nameContains=wild%5C_card')).toEqual([])
  })

  it('finds every name to contain nothing, and none to be nothing', async () => {
    expect(await names('nameContains=')).toEqual(await names())
    expect(await names('name=')).toEqual([])
  })
})

describe('Reading a domain', () => {
  it.each([unknownId, 'nonsense', '0', '507F1F77BCF86CD79943901', `${unknownId}0`, 'quobis', '%20', '..%2F..'])(
    'answers 404 for the id %s',
    async (id) => {
      const answers = [
        await api.readDomain(id),
        await api.updateDomain(id, { enable_anonymous: true }),
        await api.removeDomain(id),
      ]
      for (const refused of answers) expect(refused).toEqual(refusal(404, 'domain.unknown', 'There is no such domain.'))
    },
  )
})

describe('Updating a domain', () => {
  it('changes what is given, bare, and keeps the rest', async () => {
    const { id } = await kitter.createDomain('patched.example.com')
    await api.updateDomain(id, {
      anonymous_capabilities: ['call'],
      origins: ['https://example.com'],
      services: { xmpp: ['a'] },
    })
    const { status, body } = await api.updateDomain(id, { enable_anonymous: true })

    const domain = {
      id,
      domain: 'patched.example.com',
      enable_anonymous: true,
      anonymous_capabilities: ['call'],
      origins: ['https://example.com'],
      parent: 'quobis',
      remote_sip_register: false,
      services: { xmpp: ['a'] },
    }
    expect(status).toBe(200)
    expect(body).toEqual({ domain })
    expect((await api.readDomain(id)).body).toEqual({ domain })
    expect(await look.domainAtWacCore(id)).toMatchObject({ enableAnonymous: true, anonymousCapabilities: ['call'] })
  })

  it('changes nothing when nothing is given', async () => {
    const { id } = await kitter.createDomain('untouched.example.com')
    const before = await api.readDomain(id)

    expect(await api.updateDomain(id, {})).toMatchObject({ status: 200, body: before.body })
  })

  it('refuses fields wrapped in a domain', async () => {
    const { id } = await kitter.createDomain('wrapped.example.com')
    expect(await api.updateDomain(id, { domain: { enable_anonymous: true } })).toEqual(invalid('domain'))
    expect((await api.readDomain(id)).body.domain.enable_anonymous).toBe(false)
  })

  it('ignores an id', async () => {
    const { id } = await kitter.createDomain('same-id.example.com')
    const { status, body } = await api.updateDomain(id, { id: unknownId, enable_anonymous: true })

    expect(status).toBe(200)
    expect(body.domain).toMatchObject({ id, enable_anonymous: true })
  })

  it('merges services key by key, and null removes one', async () => {
    const { id } = await kitter.createDomain('merged.example.com')
    await api.updateDomain(id, { services: { contacts: ['wac'], login: ['a', 'b'], xmpp: ['x'] } })
    const { status, body } = await api.updateDomain(id, {
      services: { login: ['c'], xmpp: null, forms: [], datapipe: null },
    })

    expect(status).toBe(200)
    expect(body.domain.services).toEqual({ contacts: ['wac'], login: ['c'], forms: [] })
    expect((await api.readDomain(id)).body.domain.services).toEqual({ contacts: ['wac'], login: ['c'], forms: [] })
    expect(await look.domainAtWacCore(id)).toMatchObject({ services: { contacts: ['wac'], login: ['c'], forms: [] } })
  })

  it('replaces lists', async () => {
    const { id } = await kitter.createDomain('lists.example.com')
    await api.updateDomain(id, {
      origins: ['https://a.com', 'https://b.com'],
      anonymous_capabilities: ['call', 'chat'],
    })
    const { body } = await api.updateDomain(id, { origins: ['https://c.com'], anonymous_capabilities: [] })

    expect(body.domain).toMatchObject({ origins: ['https://c.com'], anonymous_capabilities: [] })
  })

  it('keeps what wac-core knows of a domain and kitter doesn’t', async () => {
    const { id } = await kitter.createDomain('foreign.example.com')
    const foreign = '{"anonymousExpiration":3600,"colour":"blue","services":{"hologram":["on"],"login":["old"]}}'
    await look.rows('UPDATE sandbox.wac_domains SET document = document || $2 WHERE id = $1', id, foreign)
    await api.updateDomain(id, { enable_anonymous: true, services: { login: ['new'] } })

    expect(await look.domainAtWacCore(id)).toMatchObject({
      enableAnonymous: true,
      anonymousExpiration: 3600,
      colour: 'blue',
      services: { hologram: ['on'], login: ['new'] },
    })
  })
})

describe('Moving a domain', () => {
  it('puts it below another one, and null puts it below the root again', async () => {
    await kitter.createDomain('moved-to.example.com')
    const { id } = await kitter.createDomain('moved.example.com')

    const down = await api.updateDomain(id, { parent: 'Moved-To.example.com' })
    expect(down.status).toBe(200)
    expect(down.body.domain.parent).toBe('moved-to.example.com')
    expect(await look.domainAtWacCore(id)).toMatchObject({ parent: 'moved-to.example.com' })

    const up = await api.updateDomain(id, { parent: null })
    expect(up.status).toBe(200)
    expect(up.body.domain.parent).toBe('quobis')
    expect(await look.domainAtWacCore(id)).toMatchObject({ parent: 'quobis' })
  })

  it('takes its subdomains and users along', async () => {
    await kitter.createDomain('new-home.example.com')
    const { id } = await kitter.createDomain('family.example.com')
    const child = await kitter.createDomain('child.family.example.com', 'family.example.com')
    const user = await kitter.createUser('family-member', { attributes: { domain: 'family.example.com' } })

    expect((await api.updateDomain(id, { parent: 'new-home.example.com' })).status).toBe(200)
    expect((await api.readDomain(child.id)).body.domain.parent).toBe('family.example.com')
    const { body } = await api.findUser('family.example.com', 'family-member')
    expect(body.id).toBe(user.id)
  })

  it('refuses an unknown parent', async () => {
    const { id } = await kitter.createDomain('lost.example.com')
    expect(await api.updateDomain(id, { parent: 'nowhere.example.com', enable_anonymous: true })).toEqual(
      invalidBecause('parent', 'names an unknown domain'),
    )
    expect((await api.readDomain(id)).body.domain).toMatchObject({ parent: 'quobis', enable_anonymous: false })
  })

  it('refuses a loop of any length', async () => {
    const top = await kitter.createDomain('loop-1.example.com')
    await kitter.createDomain('loop-2.example.com', 'loop-1.example.com')
    await kitter.createDomain('loop-3.example.com', 'loop-2.example.com')

    for (const parent of ['loop-1.example.com', 'loop-2.example.com', 'loop-3.example.com']) {
      expect(await api.updateDomain(top.id, { parent, enable_anonymous: true })).toEqual(
        refusal(409, 'domain.loop', new RegExp(`^${parent} lies below loop-1\\.example\\.com`)),
      )
    }
    expect((await api.readDomain(top.id)).body.domain).toMatchObject({ parent: 'quobis', enable_anonymous: false })
    expect(await look.domainAtWacCore(top.id)).toMatchObject({ parent: 'quobis', enableAnonymous: false })
  })
})

describe('Renaming a domain', () => {
  it('gives it the new name everywhere, and frees the old one', async () => {
    const { id } = await kitter.createDomain('old-name.example.com')
    const { status, body } = await api.updateDomain(id, { domain: 'New-Name.example.com' })

    expect(status).toBe(200)
    expect(body.domain).toMatchObject({ id, domain: 'new-name.example.com' })
    expect(await names('name=old-name.example.com')).toEqual([])
    expect(await names('name=new-name.example.com')).toEqual(['new-name.example.com'])
    expect(await look.domainAtWacCore(id)).toMatchObject({ domain: 'new-name.example.com' })
    await kitter.createDomain('old-name.example.com')
  })

  it('keeps its own name', async () => {
    const { id } = await kitter.createDomain('own-name.example.com')

    expect(await api.updateDomain(id, { domain: 'OWN-name.example.com' })).toMatchObject({
      status: 200,
      body: { domain: { domain: 'own-name.example.com' } },
    })
  })

  it('refuses a name that another one has', async () => {
    const { id } = await kitter.createDomain('first-name.example.com')
    await kitter.createDomain('taken-name.example.com')
    expect(await api.updateDomain(id, { domain: 'Taken-Name.example.com' })).toEqual(
      refusal(409, 'domain.name_taken', 'There is a domain named taken-name.example.com already.'),
    )
    expect((await api.readDomain(id)).body.domain.domain).toBe('first-name.example.com')
  })

  it('takes the subdomains along, here and at wac-core, and not those below them', async () => {
    const { id } = await kitter.createDomain('parent-1.example.com')
    const children = [
      await kitter.createDomain('child-1.example.com', 'parent-1.example.com'),
      await kitter.createDomain('child-2.example.com', 'parent-1.example.com'),
    ]
    const grandchild = await kitter.createDomain('grandchild.example.com', 'child-1.example.com')
    await kitter.createUser('in-child', { attributes: { domain: 'child-1.example.com' } })

    expect((await api.updateDomain(id, { domain: 'parent-2.example.com' })).status).toBe(200)
    for (const child of children) {
      expect((await api.readDomain(child.id)).body.domain.parent).toBe('parent-2.example.com')
      expect(await look.domainAtWacCore(child.id)).toMatchObject({ parent: 'parent-2.example.com' })
    }
    expect((await api.readDomain(grandchild.id)).body.domain.parent).toBe('child-1.example.com')
    expect(await look.domainAtWacCore(grandchild.id)).toMatchObject({ parent: 'child-1.example.com' })
    expect((await api.findUser('child-1.example.com', 'in-child')).status).toBe(200)
  })

  it('can go with a move', async () => {
    await kitter.createDomain('both-home.example.com')
    const { id } = await kitter.createDomain('both-1.example.com')

    expect(await api.updateDomain(id, { domain: 'both-2.example.com', parent: 'both-home.example.com' })).toMatchObject(
      {
        status: 200,
        body: { domain: { id, domain: 'both-2.example.com', parent: 'both-home.example.com' } },
      },
    )
  })

  it('is refused while the domain has users, and says how many', async () => {
    const { id } = await kitter.createDomain('lived-in.example.com')
    const { id: user } = await kitter.createUser('tenant-1', { attributes: { domain: 'lived-in.example.com' } })
    const rename = { domain: 'lived-out.example.com', enable_anonymous: true }

    const one = await api.updateDomain(id, rename)
    expect(one).toEqual(refusal(409, 'domain.not_empty', /^The domain lived-in\.example\.com has 1 user,/))

    const { id: other } = await kitter.createUser('tenant-2', { attributes: { domain: 'lived-in.example.com' } })
    const two = await api.updateDomain(id, rename)
    expect(two).toEqual(refusal(409, 'domain.not_empty', /^The domain lived-in\.example\.com has 2 users,/))
    expect((await api.readDomain(id)).body.domain).toMatchObject({
      domain: 'lived-in.example.com',
      enable_anonymous: false,
    })

    expect((await api.updateDomain(id, { enable_anonymous: true })).status).toBe(200)
    await Promise.all([user, other].map((gone) => api.removeUser(gone)))
    expect((await api.updateDomain(id, rename)).status).toBe(200)
  })

  it('meets the end of a subdomain: both happen, and neither is refused', async () => {
    for (let round = 0; round < 20; round += 1) {
      const parent = await kitter.createDomain(`meeting-${round}.example.com`)
      const child = await kitter.createDomain(`child.meeting-${round}.example.com`, `meeting-${round}.example.com`)
      const [renamed, removed] = await Promise.all([
        api.updateDomain(parent.id, { domain: `met-${round}.example.com` }),
        api.removeDomain(child.id),
      ])

      expect([renamed.status, removed.status]).toEqual([200, 204])
    }
  })
})

describe('Deleting a domain', () => {
  it('answers 204 without a body, and it is gone everywhere', async () => {
    const { id } = await kitter.createDomain('gone.example.com')
    const { status, text } = await api.removeDomain(id)

    expect(status).toBe(204)
    expect(text).toBe('')
    expect((await api.readDomain(id)).status).toBe(404)
    expect((await api.removeDomain(id)).status).toBe(404)
    expect(await names('name=gone.example.com')).toEqual([])
    expect(await look.domainAtWacCore(id)).toBeUndefined()
  })

  it('frees its name', async () => {
    const { id } = await kitter.createDomain('phoenix.example.com')
    await api.removeDomain(id)

    const again = await kitter.createDomain('phoenix.example.com')
    expect(again.id).not.toBe(id)
  })

  it('is refused while it has users or subdomains, and says how many of each', async () => {
    const { id } = await kitter.createDomain('full-house.example.com')
    const child = await kitter.createDomain('room.full-house.example.com', 'full-house.example.com')
    const users: string[] = []
    for (const username of ['guest-1', 'guest-2'])
      users.push((await kitter.createUser(username, { attributes: { domain: 'full-house.example.com' } })).id)

    const both = await api.removeDomain(id)
    expect(both).toEqual(
      refusal(409, 'domain.not_empty', 'The domain full-house.example.com still has 2 users and 1 subdomain.'),
    )

    await api.removeDomain(child.id)
    await api.removeUser(users[0]!)
    expect(await api.removeDomain(id)).toEqual(
      refusal(409, 'domain.not_empty', 'The domain full-house.example.com still has 1 user and 0 subdomains.'),
    )

    await api.removeUser(users[1]!)
    expect((await api.removeDomain(id)).status).toBe(204)
  })

  it('finishes what was begun at wac-core behind kitter’s back', async () => {
    const { id } = await kitter.createDomain('half-gone.example.com')
    await look.rows('DELETE FROM sandbox.wac_domains WHERE id = $1', id)

    expect((await api.removeDomain(id)).status).toBe(204)
    expect((await api.readDomain(id)).status).toBe(404)
  })

  it('makes one of two that come at once the one that did it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await kitter.createDomain(`twice-${round}.example.com`)
      const answers = await Promise.all([api.removeDomain(id), api.removeDomain(id)])

      expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404])
    }
  })
})

describe('The platform’s own domains', () => {
  it.each(['quobis', 'anonymous'])('%s can’t be changed, renamed or deleted', async (name) => {
    const id = await idOf(name)
    const before = (await api.readDomain(id)).body
    const sentence = `The domain ${name} belongs to the platform and can't be changed or deleted.`

    for (const change of [{ enable_anonymous: true }, { domain: `other-${name}` }, { services: { login: ['a'] } }]) {
      expect(await api.updateDomain(id, change)).toEqual(refusal(409, 'domain.protected', sentence))
    }
    const removed = await api.removeDomain(id)
    expect(removed).toEqual(refusal(409, 'domain.protected', sentence))
    expect((await api.readDomain(id)).body).toEqual(before)
  })

  it('can’t be moved', async () => {
    await kitter.createDomain('above-all.example.com')
    for (const name of ['quobis', 'anonymous']) {
      expect(await api.updateDomain(await idOf(name), { parent: 'above-all.example.com' })).toEqual(
        refusal(409, 'domain.protected'),
      )
    }
  })
})
