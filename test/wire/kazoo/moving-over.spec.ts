import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImportsApi } from '../imports/imports-api.fixture.ts'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

type Document = Readonly<Record<string, unknown>>

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let imports: ImportsApi
let target: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start({ LOGIN_NAMES: 'domain' }))
  imports = new ImportsApi(kazoo.kitter)
  target = await kazoo.account()
})
afterAll(() => resources.disposeAsync())

const ids = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']
const names = { first_name: 'User', last_name: 'Three' }
const lines = (...rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const wish = (domain: string, query = '') => ({
  type: 'application/x-ndjson',
  query: `dialect=kazoo&domain=${domain}${query}`,
})
const run = (rows: readonly unknown[], query = '', domain = target.domain) =>
  imports.run(lines(...rows), wish(domain, query))

async function documentsOf({ users }: TestAccount): Promise<readonly Document[]> {
  const { body } = await kazoo.call('GET', `${users}?paginate=false`)
  const each = (body.data as { id: string }[]).map(({ id }) => kazoo.call('GET', `${users}/${id}`))
  return (await Promise.all(each)).map((answer) => answer.body.data as Document)
}

const withoutId = ({ id: _, ...document }: Document): Document => document

/** As Kazoo has them: with keys of its own, and what no other test has. */
const rich = {
  ...names,
  username: 'Rich.User',
  call_forward: { enabled: true, number: '+34612345678', require_keypress: false, substitute: true },
  call_restriction: { international: { action: 'deny' } },
  caller_id: { internal: { name: 'Rich', number: '101' }, emergency: { number: '+34600' } },
  custom: { 'with.dots': [1, null, { deep: true }] },
  do_not_disturb: { enabled: true },
  enabled: false,
  flags: ['a', 'b'],
  hotdesk: { enabled: true, id: '77', pin: '1234', require_pin: true },
  language: 'es-es',
  media: { audio: { codecs: ['G722'] } },
  ringtones: { internal: 'ring' },
  timezone: 'Europe/Madrid',
  voicemail: { notify: { callback: { number: '+34611', attempts: 3 } } },
}

describe("An account's documents", () => {
  it('are the same in another domain, but for their ids', async () => {
    const [from, to] = [await kazoo.account(), await kazoo.account()]
    await kazoo.user(from, rich)
    await kazoo.user(from, { last_name: 'Plain', username: 'plain', email: `plain@${from.domain}` })
    await kazoo.user(from, { last_name: 'Nameless', presence_id: '303' })
    const before = await documentsOf(from)
    // an address is used once in a realm
    const sent = before.map((document) =>
      'email' in document ? { ...document, email: `plain@${to.domain}` } : document,
    )
    const envelopes = sent.map((data) => ({
      auth_token: 'x',
      data,
      request_id: 'y',
      revision: '1-z',
      status: 'success',
    }))
    const { rows, told } = await run(envelopes, '', to.domain)
    expect(rows).toMatchObject({ read: 3, created: 3 })
    expect(told.map(({ username }) => username).toSorted()).toEqual(['plain', 'rich.user', undefined])
    const after = await documentsOf(to)
    expect(after.map(withoutId)).toEqual(sent.map(withoutId))
    expect(after.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id))
    expect(await run(envelopes, '&on_existing=skip', to.domain)).toMatchObject({ rows: { created: 0, skipped: 3 } })
  })

  it("take the place of those of users that are there, where that's asked for", async () => {
    const user = { ...names, username: 'updated', timezone: 'Europe/Madrid', email: 'updated@mail.example' }
    await run([user])
    const { id } = (await kazoo.kitter.call('GET', `/users/${target.domain}/updated`)).body as { id: string }
    const next = { ...names, last_name: 'Four', username: 'updated', language: 'fr-fr', enabled: false }
    expect((await run([next], '&on_existing=update')).rows).toMatchObject({ updated: 1 })
    const { body } = await kazoo.call('GET', `${target.users}/${id.replaceAll('-', '')}`)
    expect(body.data).toMatchObject({ last_name: 'Four', language: 'fr-fr', enabled: false })
    expect(body.data).not.toHaveProperty('timezone')
    expect(body.data).not.toHaveProperty('email')
    expect((await run([next], '&on_existing=fail')).told).toMatchObject([{ code: 'user.name_taken' }])
  })

  it('leave an address verified only where it stays the same', async () => {
    const address = (name: string): string => `${name}@verified.example`
    const people = ['same', 'other', 'none'].map((name) => `verified.${name}`)
    const user = (username: string) => `/users/${target.domain}/${username}`
    for (const name of people)
      await kazoo.kitter.createUser(name, {
        ...{ email: address(name), email_verified: true, attributes: { domain: target.domain } },
      })
    const [same = '', other = '', none = ''] = people
    const rows = [
      { ...names, username: same, email: address(same).toUpperCase() },
      { ...names, username: other, email: address('new') },
      { ...names, username: none },
    ]
    const dry = await run(rows, '&on_existing=update&dry_run=true')
    expect((await run(rows, '&on_existing=update')).rows).toMatchObject({ updated: 3 })
    expect(dry.rows).toMatchObject({ updated: 3 })
    const seen = await Promise.all(people.map((name) => kazoo.kitter.call('GET', user(name))))
    expect(seen.map(({ body }) => [body.email, body.email_verified])).toEqual([
      [address(same).toUpperCase(), true],
      [address('new'), false],
      [undefined, false],
    ])
  })

  it('lose what is Kazoo’s own, and may bring a password', async () => {
    const row = {
      ...{ ...names, id: ids[0], username: 'private', password: 'correct horse', pvt_account_id: 'a', _rev: '1-x' },
      ...{ _read_only: { created: 1 }, pvt_md5_auth: 'secret', custom: 'kept' },
    }
    expect((await run([row])).rows).toMatchObject({ created: 1 })
    const found = (await documentsOf(target)).find(({ username }) => username === 'private')
    expect(found).toMatchObject({ custom: 'kept' })
    expect(Object.keys(found ?? {}).filter((key) => /^(pvt)?_|password$/.test(key))).toEqual([])
    expect(await kazoo.kitter.logIn(`private@${target.domain}`, 'correct horse')).toHaveProperty('access_token')
  })

  it('of users without a username are known again by their id', async () => {
    const row = { ...names, id: ids[1], last_name: 'Unnamed' }
    expect((await run([row, { data: row }])).rows).toMatchObject({ created: 1, skipped: 1 })
    expect((await run([{ ...names, _id: ids[1] }])).rows).toMatchObject({ skipped: 1 })
    const { body } = await kazoo.kitter.call('GET', `/users/${target.domain}/user_${ids[1] ?? ''}`)
    expect(body).toMatchObject({ last_name: 'Unnamed' })
    const found = (await documentsOf(target)).find((document) => document['last_name'] === 'Unnamed')
    expect(found).not.toHaveProperty('username')
  })

  it('are only looked at by a dry run, which says the same', async () => {
    const [from, to] = [target.domain, await kazoo.account()]
    const rows = [
      ...[
        { ...names, username: 'dry' },
        { ...names, username: 'DRY' },
        { first_name: 'Dry', username: 'dry2' },
      ],
      { ...names, username: 'dry3', email: 'updated@mail.example' },
    ]
    await run([{ ...names, username: 'other', email: 'updated@mail.example' }], '', from)
    const dry = await run(rows, '&dry_run=true', to.domain)
    expect((await documentsOf(to)).length).toBe(0)
    const real = await run(rows, '', to.domain)
    expect(real.rows).toMatchObject({ created: 1, skipped: 1, refused: 2 })
    expect(dry.told).toEqual(real.told)
  })

  it('of a file go to a domain that may be created with it', async () => {
    const rows = [{ ...names, username: 'first' }]
    const { told } = await run(rows, '', 'to-come.example')
    expect(told).toMatchObject([{ sentence: 'The row is not valid: domain names an unknown domain.' }])
    expect(await run(rows, '&create_domains=true', 'To-Come.example')).toMatchObject({ domains_created: 1 })
  })
})

it('Rows that are no documents are refused with what they are, and no other row is', async () => {
  const summary = { features: [], id: ids[0], ...names, username: 'summary', priv_level: 'user' }
  const failure = { data: { message: 'bad identifier' }, error: '404', message: 'bad_identifier', status: 'error' }
  const { told } = await run([
    ...[{ ...names, username: 'good1' }, failure, { data: [summary], page_size: 1, status: 'success' }, summary],
    ...['text', { data: 'text', status: 'success' }, { data: {}, status: 'success' }, { last_name: 'x', id: 'y' }],
    { ...names, username: 'twice' },
    { ...names, username: 'Twice', last_name: 'Other' },
    { ...names, username: 'short', hotdesk: { pin: '1' } },
    { ...names, username: 'Good2', reason: 'The row is not valid.', line: 7 },
    { ...names, username: 'good3', reason: 'their own', line: 'theirs, too' },
  ])
  expect(told.map(({ outcome, sentence }) => sentence ?? outcome)).toEqual([
    'created',
    'The row is a failure that Kazoo told, and no user: 404 bad_identifier.',
    expect.stringMatching(/^The row is a list of users.*Fetch each user's own document/),
    expect.stringMatching(/^The row is a summary out of a list.*Fetch each user's own document/),
    'The row must be a JSON object.',
    'The row has no document of a user.',
    expect.stringContaining('username Field is required'),
    expect.stringContaining('username Field is required'),
    'created',
    'skipped',
    'The row is not valid: hotdesk.pin String must be at least 4 characters.',
    'created',
    'created',
  ])
  const documents = await documentsOf(target)
  expect(documents.find(({ username }) => username === 'good2')).not.toHaveProperty('reason')
  expect(documents.find(({ username }) => username === 'good3')).toMatchObject({ reason: 'their own' })
})

it.each([
  ['dialect=bria&domain=quobis', 'application/x-ndjson', 'dialect'],
  ['dialect=kazoo&domain=quobis', 'text/csv', 'dialect'],
  ['dialect=kazoo', 'application/x-ndjson', 'domain'],
  ['domain=quobis', 'application/x-ndjson', 'dialect'],
  ['dialect=kazoo&domain=no domain', 'application/x-ndjson', 'domain'],
])('A file is refused with %s as %s', async (query, type, path) => {
  const { status, body } = await imports.send(lines(names), { query, type })
  expect([status, body.code, body.fields?.[0]?.path]).toEqual([400, 'request.invalid', path])
})

it('An import says whose documents it has', async () => {
  const { told: _, ...seen } = await run([{ ...names, username: 'said' }])
  expect(seen).toMatchObject({ dialect: 'kazoo', domain: target.domain, format: 'ndjson' })
})
