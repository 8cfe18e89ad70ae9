import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, invalid, invalidBecause, pathsIn, refusal } from './refusal.fixture.ts'

const aUuid: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const anId = '550e8400-e29b-41d4-a716-446655440000'
const home = 'example.com'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
  await kitter.createDomain(home)
})
afterAll(() => resources.disposeAsync())

async function found(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await api.listUsers(query)
  expect(status).toBe(200)
  expect(body.total).toBe(body.users.length)
  return body.users.map(({ username }) => username)
}

describe('Provisioning a user', () => {
  it('answers 201 with the user, who lives in the root and is enabled, when only a username is given', async () => {
    const made = await api.createUser({ username: 'minimal' })

    expect(made).toEqual(
      answer(201, {
        user: {
          id: aUuid,
          username: 'minimal',
          attributes: { domain: 'quobis' },
          enabled: true,
          email_verified: false,
        },
      }),
    )
    expect(await api.readUser(made.body.user.id)).toEqual(answer(200, made.body))
  })

  it('shows everything that was given, but no credential', async () => {
    const user = {
      username: 'johndoe',
      email: 'user@example.com',
      enabled: true,
      first_name: 'John',
      last_name: 'Doe',
      email_verified: true,
      attributes: { domain: home, phone_number: '+34612345678', department: 'Sales', floors: ['1', '2'] },
    }
    const made = await api.createUser({
      ...user,
      credentials: { password: 'a secret of his', temporary: false },
      sip_mapping: { username: '205', password: 'a secret of the phone' },
    })

    expect(made).toEqual(answer(201, { user: { id: aUuid, ...user } }))
    expect(made.text).not.toContain('secret')
    const { id } = made.body.user
    expect(await api.readUser(id)).toEqual(answer(200, { user: { id, ...user } }))
    expect(await api.findUser(home, 'johndoe')).toEqual(answer(200, { id, ...user }))
    expect(await api.listUsers({ username: 'johndoe' })).toEqual(answer(200, { users: [{ id, ...user }], total: 1 }))
  })

  it('makes the user in Keycloak and at wac-core under one id, with the first name to display', async () => {
    const { id } = await kitter.createUser('both-sides', {
      email: 'Both.Sides@Example.com',
      first_name: 'Both',
      last_name: 'Sides',
      attributes: { domain: home, phone_number: '577.401.1737 x5071', team: 'blue' },
      sip_mapping: { username: 'sip-both-sides', password: 'secret' },
    })

    expect(await look.userAtWacCore(id)).toEqual({
      externalId: id,
      domain: home,
      username: 'both-sides',
      displayName: 'Both',
      email: 'Both.Sides@Example.com',
      mobilePhone: ['577.401.1737 x5071'],
      role: 'user',
      capabilities: [],
    })
    expect(await look.accountAtKeycloak(id)).toMatchObject({
      login_name: 'both-sides',
      email: 'both.sides@example.com',
      email_verified: false,
      enabled: true,
      first_name: 'Both',
      last_name: 'Sides',
      attributes: { domain: [home], phone_number: ['577.401.1737 x5071'], team: ['blue'] },
    })
    expect(
      await look.rows(
        `SELECT mapping.username, status FROM sandbox.wac_sip_mappings AS mapping JOIN sandbox.wac_sip_pool USING (username)
        JOIN sandbox.wac_users AS wac_user ON wac_user.id = owner_id WHERE wac_user.username = 'both-sides'`,
      ),
    ).toEqual([{ username: 'sip-both-sides', status: 'assigned' }])
  })

  it('needs no password for the SIP mapping', async () => {
    expect((await api.createUser({ username: 'sip-without', sip_mapping: { username: '206' } })).status).toBe(201)
  })

  it('keeps the username lower-case and composed, and finds it in any case', async () => {
    const made = await api.createUser({ username: 'Zoe\u0308.MÜLLER', attributes: { domain: 'EXAMPLE.com' } })

    expect(made.status).toBe(201)
    expect(made.body.user).toMatchObject({ username: 'zo\u00eb.müller', attributes: { domain: home } })
    for (const name of ['zo\u00eb.müller', 'ZOE\u0308.Müller'])
      expect(await api.findUser('Example.COM', name)).toEqual(answer(200, made.body.user))
    expect(await found({ username: 'ZOE\u0308.m', exact: 'false' })).toEqual(['zo\u00eb.müller'])
  })

  it('keeps the email as given and compares it in any case', async () => {
    const made = await api.createUser({ username: 'mail-1', email: 'Jane.Doe+Home@Example.COM' })

    expect(made.body.user.email).toBe('Jane.Doe+Home@Example.COM')
    expect(await api.createUser({ username: 'mail-2', email: 'jane.doe+home@example.com' })).toEqual(
      refusal(409, 'user.email_taken', 'There is a user with this email address already.'),
    )
    expect(await found({ username: 'mail-2' })).toEqual([])
  })

  it('keeps usernames unique in the realm, in any case', async () => {
    await kitter.createDomain('unique.example.com')
    await kitter.createUser('unique', { attributes: { domain: home } })

    for (const domain of [home, 'unique.example.com', 'quobis'])
      expect(await api.createUser({ username: 'UNIQUE', attributes: { domain } })).toEqual(
        refusal(409, 'user.name_taken', 'There is a user with this username already.'),
      )
  })

  it.each([anId, 17, null, ['a', 'list']])('ignores the id %j in the body', async (id) => {
    const made = await api.createUser({ id, username: `id-of-${JSON.stringify(id).replaceAll(/\W/g, '')}` })

    expect(made.status).toBe(201)
    expect(made.body.user.id).toEqual(aUuid)
    expect(made.body.user.id).not.toBe(id)
  })

  it('takes null and empty names for no value', async () => {
    const made = await api.createUser({
      username: 'nothings',
      email: null,
      first_name: null,
      last_name: '',
      attributes: { domain: null, phone_number: null, one: null, two: [], three: '' },
    })

    expect(made).toEqual(
      answer(201, {
        user: {
          id: aUuid,
          username: 'nothings',
          attributes: { domain: 'quobis' },
          enabled: true,
          email_verified: false,
        },
      }),
    )
  })

  it('reads a list of one back as a string', async () => {
    const attributes = { domain: [home], phone_number: ['12 34'], one: ['x'], two: ['x', 'y'], same: ['z', 'z'] }
    const made = await api.createUser({ username: 'lists', attributes })

    expect(made.body.user.attributes).toEqual({
      domain: home,
      phone_number: '12 34',
      one: 'x',
      two: ['x', 'y'],
      same: ['z', 'z'],
    })
  })

  it('refuses an unknown domain, and nothing of the user is left', async () => {
    expect(await api.createUser({ username: 'homeless', attributes: { domain: 'nowhere.example.com' } })).toEqual(
      invalidBecause('user.attributes.domain', 'names an unknown domain'),
    )
    expect(await look.usersNamed('homeless')).toEqual({ kitter: 0, keycloak: 0, wacCore: 0 })
  })

  it('refuses unknown fields', async () => {
    expect(
      await api.createUser({
        username: 'too-much',
        roles: ['kitter-admin'],
        credentials: { password: 'x', hash: 'y' },
        sip_mapping: { username: '1', realm: 'z' },
      }),
    ).toEqual(invalid('user.roles', 'user.credentials.hash', 'user.sip_mapping.realm'))
    expect(await found({ username: 'too-much' })).toEqual([])
  })

  it('tells everything that is wrong at once', async () => {
    const { status, body } = await api.createUser({
      username: 'a b',
      email: 'nobody',
      enabled: 'yes',
      first_name: '<b>',
      last_name: 7,
      email_verified: null,
      attributes: { domain: 'a b', phone_number: 5, username: 'x', email: 'x', id: 'x', free: { no: 'object' } },
      credentials: { temporary: 1 },
      sip_mapping: {},
    })

    expect(status).toBe(400)
    expect(pathsIn(body)).toEqual([
      'user.attributes.domain',
      'user.attributes.email',
      'user.attributes.free',
      'user.attributes.id',
      'user.attributes.phone_number',
      'user.attributes.username',
      'user.credentials.password',
      'user.credentials.temporary',
      'user.email',
      'user.email_verified',
      'user.enabled',
      'user.first_name',
      'user.last_name',
      'user.sip_mapping.username',
      'user.username',
    ])
  })
})

describe('What a create accepts and refuses, an update does', () => {
  const length = (text: string): string => `${text.length} characters`

  interface Format {
    readonly what: string
    readonly path: string
    readonly put: (value: unknown) => Record<string, unknown>
    readonly accepted: readonly unknown[]
    readonly refused: readonly unknown[]
  }

  const inField =
    (name: string) =>
    (value: unknown): Record<string, unknown> => ({ [name]: value })
  const inAttribute =
    (name: string) =>
    (value: unknown): Record<string, unknown> => ({ attributes: { [name]: value } })

  const formats: readonly Format[] = [
    {
      what: 'username',
      path: 'username',
      put: inField('username'),
      accepted: ['x', '7', "o'brien", 'a.b_c-d+e@f', '.', 'иван', '山田太郎', 'محمد', 'हिन्दी', '٣', 'x'.repeat(255)],
      refused: [
        '',
        ' ',
        'a b',
        'a/b',
        'a\\b',
        'a%b',
        'a"b',
        'a<b',
        'a:b',
        'a#b',
        'tab\t',
        'x'.repeat(256),
        '🙂',
        null,
        7,
        [],
      ],
    },
    {
      what: 'email',
      path: 'email',
      put: inField('email'),
      accepted: [
        'a@b.co',
        'first.last+tag@sub.example.com',
        "o'brien@example.com",
        'ünï@exämple.com',
        'x_y%z@example.com',
      ],
      refused: ['', 'a', 'a@', '@b.co', 'a@b', 'a b@c.de', 'a@b..co', `${'a'.repeat(250)}@b.com`, 'a@b.co\n', 7, []],
    },
    ...['first_name', 'last_name'].map((name) => ({
      what: name,
      path: name,
      put: inField(name),
      accepted: [
        ...['Ünï Çôdé', '山田', 'דוד בן־גוריון', 'محمد بن سلمان', '👩‍👩‍👧 Family 🎉', 'Anne-Marie "Mimi" O’Neill & Co/KG'],
        'x'.repeat(255),
      ],
      refused: [
        '<script>',
        'a>b',
        'line\nbreak',
        'nul\u0000',
        'bell\u0007',
        '\u0085',
        'x'.repeat(256),
        '  ',
        '\ud83d',
        7,
        [],
      ],
    })),
    {
      what: 'phone number',
      path: 'attributes.phone_number',
      put: inAttribute('phone_number'),
      accepted: ['+34612345678', '577.401.1737 x5071', '(0)30/12 34-56', ' 12 ', 'ext. ٣', '0'.repeat(255)],
      refused: ['0'.repeat(256), 'line\nbreak', ' ', 7, ['1', '2'], {}],
    },
    {
      what: 'attribute',
      path: 'attributes.free',
      put: inAttribute('free'),
      accepted: ['x', 'x'.repeat(2048), 'lines\nand\ttabs', '🙂', '<b>"&\'', ['a', 'b'], ['x'.repeat(2048), 'y']],
      refused: ['x'.repeat(2049), 'nul\u0000', ' ', 7, true, {}],
    },
  ]

  const cases = (kind: 'accepted' | 'refused') =>
    formats.flatMap((format) =>
      format[kind].map((value, index) => {
        const shown = typeof value === 'string' && value.length > 40 ? length(value) : JSON.stringify(value)
        return { ...format, value, shown, name: `format-${kind}-${format.what.replaceAll(' ', '-')}-${index}` }
      }),
    )

  it.each(cases('accepted'))('takes the $what $shown', async ({ put, value, name }) => {
    const created = await api.createUser({ username: name, ...put(value) })
    expect(created.status, created.text).toBe(201)
    expect(created.body.user).toMatchObject(put(value))
    expect((await api.readUser(created.body.user.id)).body).toEqual(created.body)
    await api.removeUser(created.body.user.id)

    const { id } = await kitter.createUser(`${name}-2`)
    const updated = await api.updateUser(id, put(value))
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body.user).toMatchObject(put(value))
    await api.removeUser(id)
  })

  it.each(cases('refused'))('refuses the $what $shown', async ({ put, value, path, name }) => {
    expect(await api.createUser({ username: name, ...put(value) })).toEqual(invalid(`user.${path}`))

    const { id } = await kitter.createUser(`${name}-2`)
    const before = await api.readUser(id)
    expect(await api.updateUser(id, put(value))).toEqual(invalid(path))
    expect(await api.readUser(id)).toEqual(answer(200, before.body))
    await api.removeUser(id)
  })

  it('counts the letters that a username is kept with', async () => {
    expect((await api.createUser({ username: 'e\u0301'.repeat(127) })).body.user.username).toBe('é'.repeat(127))
    // a capital İ takes two places in lower case
    expect(await api.createUser({ username: 'İ'.repeat(128) })).toEqual(invalid('user.username'))
  })

  it('takes attributes of any name but those of the user’s own fields', async () => {
    const keys = ['k', 'k'.repeat(255), 'Domain', 'with space', 'größe', '$.a.b', '0', 'constructor', 'toString', '🙂']
    const attributes = Object.fromEntries(keys.map((key) => [key, 'x']))
    const { body } = await api.createUser({ username: 'any-keys', attributes })
    expect(body.user.attributes).toEqual({ domain: 'quobis', ...attributes })

    const none = Object.fromEntries(keys.map((key) => [key, null]))
    const { id } = body.user
    expect((await api.updateUser(id, { attributes: none })).body.user.attributes).toEqual({ domain: 'quobis' })
    expect(await look.accountAtKeycloak(id)).toMatchObject({ attributes: { domain: ['quobis'] } })
    expect((await api.updateUser(id, { attributes })).body.user.attributes).toEqual({ domain: 'quobis', ...attributes })

    for (const key of ['', 'k'.repeat(256), 'username', 'email', 'id']) {
      const path = key === '' ? 'attributes' : `attributes.${key}`
      expect(await api.createUser({ username: 'bad-key', attributes: { [key]: 'x' } })).toEqual(invalid(`user.${path}`))
      expect(await api.updateUser(id, { attributes: { [key]: 'x' } })).toEqual(invalid(path))
    }
  })
})

describe('Finding a user by domain and username', () => {
  it('answers the bare user', async () => {
    const { id } = await kitter.createUser('findable', { attributes: { domain: home } })

    expect(await api.findUser(home, 'findable')).toEqual(
      answer(200, { id, username: 'findable', attributes: { domain: home }, enabled: true, email_verified: false }),
    )
  })

  it.each(["o'reilly", 'a+b@c.d', 'ümit', '高橋', 'logout'])('finds %s', async (username) => {
    const { id } = await kitter.createUser(username, { attributes: { domain: home } })

    expect((await api.findUser(home, username)).body.id).toBe(id)
  })

  it.each([
    [home, 'nobody'],
    ['quobis', 'only-at-home'],
    ['sub.example.com', 'only-at-home'],
    ['nowhere.example.com', 'only-at-home'],
    ['a b', 'only-at-home'],
    [home, 'a b'],
    [home, 'a/b'],
    [home, '%'],
    [home, 'only-at-hom_'],
    [home, 'x'.repeat(300)],
  ])('answers 404 where there is none: in %s, %s', async (domain, username) => {
    if ((await found({ username: 'only-at-home' })).length === 0) {
      await kitter.createUser('only-at-home', { attributes: { domain: home } })
    }
    expect(await api.findUser(domain, username)).toEqual(refusal(404, 'user.unknown', 'There is no such user.'))
  })
})

describe('An id that no user has', () => {
  it.each([anId, 'nonsense', 'logout', '0', `${anId}0`, anId.replaceAll('-', ''), '%20', '..%2F..', 'x'.repeat(300)])(
    'is a 404 for every operation: %s',
    async (id) => {
      const answers = [
        await api.readUser(id),
        await api.updateUser(id, { enabled: false }),
        await api.removeUser(id),
        await api.logOutUser(id),
        await api.sendResetMail(id),
      ]
      for (const refused of answers) expect(refused).toEqual(refusal(404, 'user.unknown', 'There is no such user.'))
    },
  )
})

describe('Listing users', () => {
  it('walks 30 users in pages of 7, without repeats or gaps, with the total on every page and beyond the end', async () => {
    const letters = ['a', 'b.', 'c-', 'd_', "e'", 'é', 'z', '0', 'ж', '山']
    const usernames = letters.flatMap((letter) => [1, 2, 3].map((number) => `walk.${letter}${number}`))
    await Promise.all(usernames.map((username) => kitter.createUser(username)))

    const walked: string[] = []
    for (let page = 0; page < 7; page += 1) {
      const { status, body } = await api.listUsers({
        username: 'walk.',
        'paginate[max]': '7',
        'paginate[page]': String(page),
      })
      expect(status).toBe(200)
      expect(body.total).toBe(30)
      expect(body.users).toHaveLength([7, 7, 7, 7, 2, 0, 0][page]!)
      walked.push(...body.users.map(({ username }) => username))
    }
    expect(walked).toEqual(usernames.toSorted())
    expect(await api.listUsers({ username: 'walk.', 'paginate[page]': '1000000' })).toEqual(
      answer(200, { users: [], total: 30 }),
    )
  })

  it('shows 100 on a page unless told otherwise, and 1000 at most', async () => {
    const usernames = Array.from({ length: 101 }, (_, index) => `many-${String(index).padStart(3, '0')}`)
    await Promise.all(usernames.map((username) => kitter.createUser(username)))

    const first = await api.listUsers({ username: 'many-' })
    expect(first.body.total).toBe(101)
    expect(first.body.users.map(({ username }) => username)).toEqual(usernames.slice(0, 100))
    const second = await api.listUsers({ username: 'many-', 'paginate[page]': '1' })
    expect(second.body.total).toBe(101)
    expect(second.body.users.map(({ username }) => username)).toEqual(usernames.slice(100))
    expect(await found({ username: 'many-', 'paginate[max]': '1000' })).toEqual(usernames)
    for (const max of ['1001', '0', '-1', '1.5', '', 'all'])
      expect(await api.listUsers({ 'paginate[max]': max })).toEqual(invalid('paginate[max]'))
    for (const page of ['-1', '0.5', '', 'last'])
      expect(await api.listUsers({ 'paginate[page]': page })).toEqual(invalid('paginate[page]'))
  })

  it('matches a part of the username in any case, or with exact=true all of it', async () => {
    await kitter.createUser('part.anna')
    await kitter.createUser('part.annabel')

    expect(await found({ username: 'RT.Anna' })).toEqual(['part.anna', 'part.annabel'])
    expect(await found({ username: 'part.anna', exact: 'false' })).toEqual(['part.anna', 'part.annabel'])
    expect(await found({ username: 'PART.anna', exact: 'true' })).toEqual(['part.anna'])
    expect(await found({ username: 'part.ann', exact: 'true' })).toEqual([])
  })

  it('matches a part of the email in any case, or with exact=true all of it', async () => {
    await kitter.createUser('mailed-1', { email: 'Search.Me@Mailed.example.com' })
    await kitter.createUser('mailed-2', { email: 'search.me@mailed.example.com.mx' })

    expect(await found({ email: 'SEARCH.me@mailed' })).toEqual(['mailed-1', 'mailed-2'])
    expect(await found({ email: 'search.me@mailed.EXAMPLE.com', exact: 'true' })).toEqual(['mailed-1'])
    expect(await found({ email: 'earch.me@mailed.example.com', exact: 'true' })).toEqual([])
  })

  it('takes wildcards literally', async () => {
    await kitter.createUser('wild_one', { email: 'wild%one@example.com' })
    await kitter.createUser('wildxone', { email: 'wildxone@example.com' })

    expect(await found({ username: 'wild_o' })).toEqual(['wild_one'])
    expect(await found({ username: 'wild%' })).toEqual([])
    expect(await found({ username: '%' })).toEqual([])
    expect(await found({ username: '\\' })).toEqual([])
    expect(await found({ username: 'wild\\_one' })).toEqual([])
    expect(await found({ email: 'wild%o' })).toEqual(['wild_one'])
    expect(await found({ email: 'wild_one' })).toEqual([])
    expect(await found({ username: 'wild_one', exact: 'true' })).toEqual(['wild_one'])
  })

  it('matches phone numbers exactly as they were given', async () => {
    const numbers = ['577.401.1737 x9', '577.401.1737', '577-401-1737', ' 577.401.1737', '577.401.1737 X9', '+577%_']
    for (const [index, number] of numbers.entries())
      await kitter.createUser(`phone-${index}`, { attributes: { phone_number: number } })

    for (const [index, number] of numbers.entries())
      expect(await found({ phone_number: number })).toEqual([`phone-${index}`])
    expect(await found({ phone_number: '577' })).toEqual([])
    expect(await found({ phone_number: '577%' })).toEqual([])
  })

  it('matches the domain exactly, in any case, without those below it', async () => {
    await kitter.createDomain('dom.example.com')
    await kitter.createDomain('sub.dom.example.com', 'dom.example.com')
    await kitter.createUser('in-dom', { attributes: { domain: 'dom.example.com' } })
    await kitter.createUser('in-sub-dom', { attributes: { domain: 'sub.dom.example.com' } })

    expect(await found({ domain: 'Dom.example.com' })).toEqual(['in-dom'])
    expect(await found({ domain: 'sub.dom.example.com' })).toEqual(['in-sub-dom'])
    expect(await found({ domain: 'om.example.com' })).toEqual([])
    expect(await found({ domain: 'nowhere.example.com' })).toEqual([])
  })

  it('tells verified addresses from others', async () => {
    await kitter.createUser('verified-1', { email: 'v1@verified.com', email_verified: true })
    await kitter.createUser('verified-2', { email: 'v2@verified.com' })

    expect(await found({ email: '@verified.com', email_verified: 'true' })).toEqual(['verified-1'])
    expect(await found({ email: '@verified.com', email_verified: 'false' })).toEqual(['verified-2'])
  })

  it('combines all filters with AND', async () => {
    await kitter.createDomain('and.example.com')
    const attributes = { domain: 'and.example.com', phone_number: '42' }
    await kitter.createUser('and-1', { email: 'and-1@and.com', email_verified: true, attributes })
    await kitter.createUser('and-2', { email: 'and-2@and.com', email_verified: true, attributes })
    const all = {
      username: 'and-',
      email: '-1@and',
      phone_number: '42',
      domain: 'and.example.com',
      email_verified: 'true',
    }

    expect(await found(all)).toEqual(['and-1'])
    expect(await found({ ...all, username: 'and-1', email: 'and-1@and.com', exact: 'true' })).toEqual(['and-1'])
    for (const other of [
      { username: 'and-2' },
      { email: '-2@and', username: 'and-1' },
      { phone_number: '43' },
      { domain: home },
      { email_verified: 'false' },
      { exact: 'true' },
    ])
      expect(await found({ ...all, ...other })).toEqual([])
  })

  it('finds every username to contain nothing', async () => {
    const { total } = (await api.listUsers({ 'paginate[max]': '1' })).body

    expect((await api.listUsers({ username: '', 'paginate[max]': '1' })).body.total).toBe(total)
    expect(await found({ username: '', exact: 'true' })).toEqual([])
  })

  it('refuses filters that it doesn’t know', async () => {
    const { status, body } = await api.listUsers('first_name=x&exact=yes&email_verified=1&paginate[size]=5')

    expect(status).toBe(400)
    expect(pathsIn(body)).toEqual(['email_verified', 'exact', 'first_name', 'paginate[size]'])
  })
})

describe('Deleting a user', () => {
  it('answers 204 without a body, and the user is gone', async () => {
    const { id } = await kitter.createUser('short-lived', { attributes: { domain: home } })
    const removed = await api.removeUser(id)

    expect(removed).toMatchObject({ status: 204, text: '' })
    const gone = [await api.readUser(id), await api.removeUser(id), await api.findUser(home, 'short-lived')]
    for (const refused of gone) expect(refused).toEqual(refusal(404, 'user.unknown', 'There is no such user.'))
    expect(await found({ username: 'short-lived' })).toEqual([])
  })
})
