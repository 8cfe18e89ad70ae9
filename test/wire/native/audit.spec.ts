import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'

const patience = { timeout: 10_000, interval: 20 }

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
let domainAdmin: string
let viewer: string

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start({ CALLER_ID_ENABLED: 'on', TRUST_PROXY: '127.0.0.1' }))
  look = resources.use(await DatabaseLook.into(kitter))
  await kitter.createDomain('home.example')
  domainAdmin = await kitter.token('kitter-domain-admin', 'home.example')
  viewer = await kitter.token('kitter-viewer')
})
afterAll(() => resources.disposeAsync())

interface Entry {
  readonly id: string
  readonly at: string
  readonly actor: { readonly id: string; readonly name: string }
  readonly origin?: { readonly address: string; readonly request_id: string }
  readonly action: string
  readonly subject?: string
  readonly outcome: string
  readonly code?: string
  readonly operation?: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
}

async function trail(query: string, token = kitter.adminToken): Promise<readonly Entry[]> {
  const answer = await kitter.call('GET', `/audit?${query}`, { token })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.entries
}

/** The one entry of a request. */
async function entryOf(
  request: (headers: Record<string, string>) => Promise<Answer>,
): Promise<{ answer: Answer; entries: readonly Entry[] }> {
  const id = randomUUID()
  const answer = await request({ 'x-request-id': id })
  const entries = (await trail('paginate[max]=1000')).filter(({ origin }) => origin?.request_id === id)
  return { answer, entries }
}

const subjectOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub

const told = ({ action, subject, outcome, code, before, after }: Entry) => ({
  action,
  subject,
  outcome,
  code,
  before,
  after,
})

describe('A change of a user', () => {
  it('is told from its beginning to its end', async () => {
    const created = await entryOf((headers) =>
      kitter.call('POST', '/users', {
        headers,
        body: {
          user: {
            ...{
              username: 'anna',
              email: 'anna@example.com',
              first_name: 'Anna',
              attributes: { domain: 'home.example', team: 'a' },
            },
            credentials: { password: 'correct horse battery staple' },
            sip_mapping: { username: '205', password: 'sip-s3cret-word' },
          },
        },
      }),
    )
    const { id } = created.answer.body.user
    const whole = {
      ...{ username: 'anna', domain: 'home.example', email: 'anna@example.com', email_verified: false, enabled: true },
      ...{ first_name: 'Anna', attributes: { team: ['a'] } },
    }
    const [first] = created.entries
    expect(created.entries).toEqual([
      {
        ...{
          id: expect.stringMatching(/^\d+$/),
          at: expect.stringMatching(/T.*Z$/),
          action: 'user.create',
          subject: id,
          outcome: 'done',
        },
        actor: { id: subjectOf(kitter.adminToken), name: 'kitter-admin' },
        origin: { address: '127.0.0.1', request_id: first?.origin?.request_id },
        operation: (await kitter.call('GET', `/operations?subject=${id}`)).body.operations[0].id,
        after: { ...whole, sip_mapping: true },
      },
    ])
    const patch = {
      first_name: null,
      enabled: false,
      attributes: { team: null, floor: '2' },
      credentials: { password: 'another horse' },
    }
    const updated = await entryOf((headers) => kitter.call('PATCH', `/users/${id}`, { headers, body: patch }))
    expect(updated.entries.map(told)).toEqual([
      {
        ...{ action: 'user.update', subject: id, outcome: 'done', code: undefined },
        before: { first_name: 'Anna', enabled: true, attributes: { team: ['a'] } },
        after: { enabled: false, attributes: { floor: ['2'] }, password_changed: true },
      },
    ])
    const removed = await entryOf((headers) => kitter.call('DELETE', `/users/${id}`, { headers }))
    const { first_name: _, ...rest } = whole
    expect(removed.entries.map(told)).toMatchObject([
      {
        action: 'user.delete',
        subject: id,
        outcome: 'done',
        before: { ...rest, enabled: false, attributes: { floor: ['2'] } },
      },
    ])
    expect((await trail(`subject=${id}`)).map(({ action }) => action)).toEqual([
      'user.delete',
      'user.update',
      'user.create',
    ])
  })

  it('is not made where it cannot be told, and not told where it is not made', async () => {
    await look.rows("ALTER TABLE audit.entries ADD CONSTRAINT broken CHECK (action <> 'user.create') NOT VALID")
    const broken = await kitter.call('POST', '/users', { body: { user: { username: 'untold' } } })
    await look.rows('ALTER TABLE audit.entries DROP CONSTRAINT broken')
    expect(broken.status).toBeGreaterThanOrEqual(500)
    expect(await look.usersNamed('untold')).toEqual({ kitter: 0, keycloak: 0, wacCore: 0 })
    expect(await look.count('audit.entries', "outcome = 'done' AND after ->> 'username' = 'untold'")).toBe(0)
  })
})

describe('A change of a domain', () => {
  it('is told from its beginning to its end', async () => {
    const { id } = await kitter.createDomain('told.example', 'home.example')
    await kitter.call('PATCH', `/domains/${id}`, {
      body: { domain: 'retold.example', parent: null, services: { contacts: ['wac'] } },
    })
    await kitter.call('DELETE', `/domains/${id}`)
    const whole = { domain: 'told.example', parent: 'home.example', services: {}, origins: [], enable_anonymous: false }
    const changed = { domain: 'retold.example', parent: 'quobis', services: { contacts: ['wac'] } }
    expect((await trail(`subject=${id}`)).map(told)).toMatchObject([
      { action: 'domain.delete', before: { ...whole, ...changed } },
      {
        action: 'domain.update',
        before: { domain: 'told.example', parent: 'home.example', services: {} },
        after: changed,
      },
      { action: 'domain.create', after: whole },
    ])
    const [, update] = await trail(`subject=${id}`)
    expect(Object.keys(update?.after ?? {}).toSorted()).toEqual(['domain', 'parent', 'services'])
  })

  it("is told of kitter's own domains, too, which nobody asked for", async () => {
    const entries = await trail('actor=kitter')
    expect(entries.map(({ action, after, origin }) => [action, after?.['domain'], origin])).toEqual([
      ['domain.adopt', 'anonymous', undefined],
      ['domain.adopt', 'quobis', undefined],
    ])
  })
})

describe('What no operation does', () => {
  it('is told as well: log-outs, mails, caller IDs, reloads, retries', async () => {
    const user = await kitter.createUser('bob', { email: 'bob@example.com', credentials: { password: 'secret' } })
    const domain = await kitter.createDomain('bobs.example')
    const operation = randomUUID()
    await look.rows(
      "INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until) VALUES ($1, 'user.create', 'x', 'who-asked', 'stuck', now())",
      operation,
    )
    await kitter.logIn('bob', 'secret')
    const calls = [
      ['POST', `/users/${user.id}/logout`, 'user.logout', user.id, { logged_out: 1 }],
      ['POST', `/domains/${domain.id}/logout`, 'domain.logout', domain.id, { logged_out: 0 }],
      ['POST', '/users/logout', 'realm.logout', undefined, { logged_out: 0 }],
      ['POST', `/users/${user.id}/reset-password-email`, 'user.reset_mail', user.id, undefined],
      [
        'POST',
        '/callerIdManager',
        'caller_id.create',
        '205',
        { name: '205', value: '+34' },
        { name: '205', value: '+34' },
      ],
      ['POST', '/callerIdManager/reload', 'caller_id.reload', undefined, { reloaded: 'translation' }],
      ['DELETE', '/callerIdManager/205', 'caller_id.delete', '205', undefined],
      ['POST', `/operations/${operation}/retry`, 'operation.retry', operation, undefined],
    ] as const
    for (const [method, path, action, subject, after, body] of calls) {
      const { entries } = await entryOf((headers) => kitter.call(method, path, { headers, ...(body && { body }) }))
      expect(entries.map(told), path).toEqual([
        { action, subject, outcome: 'done', after, before: undefined, code: undefined },
      ])
    }
    // and what came of the retry, under the name of who had asked
    const settled = async () => (await trail('actor=who-asked')).map(({ outcome, operation: id }) => [outcome, id])
    await expect.poll(settled, patience).toEqual([['undone', operation]])
  })

  it('is told once, however often the same request comes', async () => {
    const user = await kitter.createUser('once')
    const headers = { 'idempotency-key': randomUUID() }
    for (let time = 0; time < 3; time++) await kitter.call('POST', `/users/${user.id}/logout`, { headers })
    expect((await trail(`subject=${user.id}`)).map(({ action }) => action)).toEqual(['user.logout', 'user.create'])
    const again = { headers: { 'idempotency-key': randomUUID() }, body: { user: { username: 'once' } } }
    const since = new Date().toISOString()
    for (let time = 0; time < 3; time++) expect((await kitter.call('POST', '/users', again)).status).toBe(409)
    const refused = (await trail(`since=${since}`)).filter(({ code }) => code === 'user.name_taken')
    expect(refused).toHaveLength(1)
  })

  it('is done also where it cannot be told', async () => {
    const user = await kitter.createUser('carl')
    await look.rows("ALTER TABLE audit.entries ADD CONSTRAINT broken CHECK (action <> 'user.logout') NOT VALID")
    const answer = await kitter.call('POST', `/users/${user.id}/logout`)
    await look.rows('ALTER TABLE audit.entries DROP CONSTRAINT broken')
    expect(answer).toMatchObject({ status: 200, body: { logged_out: 0 } })
  })
})

describe('What was refused', () => {
  it('is told with its code, once, and who wanted it', async () => {
    const user = await kitter.createUser('emma')
    const unknown = randomUUID()
    const cases = [
      [
        'POST',
        '/users',
        'user.create',
        undefined,
        409,
        'user.name_taken',
        kitter.adminToken,
        { user: { username: 'emma' } },
      ],
      ['POST', '/users', 'user.create', undefined, 403, 'access.forbidden', viewer, { user: { username: 'x' } }],
      ['DELETE', `/users/${user.id}`, 'user.delete', user.id, 403, 'access.forbidden', viewer],
      ['DELETE', `/users/${user.id}`, 'user.delete', user.id, 404, 'user.unknown', domainAdmin],
      ['PATCH', `/users/${unknown}`, 'user.update', unknown, 404, 'user.unknown', kitter.adminToken, {}],
      [
        'POST',
        `/users/${user.id}/reset-password-email`,
        'user.reset_mail',
        user.id,
        409,
        'user.email_missing',
        kitter.adminToken,
      ],
      ['POST', '/users/logout', 'realm.logout', undefined, 403, 'access.forbidden', domainAdmin],
      ['DELETE', '/callerIdManager/none', 'caller_id.delete', 'none', 404, 'caller_id.unknown', kitter.adminToken],
      ['POST', `/operations/${unknown}/retry`, 'operation.retry', unknown, 404, 'operation.unknown', kitter.adminToken],
    ] as const
    for (const [method, path, action, subject, status, code, token, body] of cases) {
      const { answer, entries } = await entryOf((headers) =>
        kitter.call(method, path, { token, headers, ...(body && { body }) }),
      )
      expect([answer.status, answer.body.code], path).toEqual([status, code])
      expect(entries.map(told), path).toEqual([
        { action, subject, outcome: 'refused', code, before: undefined, after: undefined },
      ])
      expect(entries[0]?.actor.id, path).toBe(subjectOf(token))
    }
  })

  it('is not told where nobody says who wants to change what, nor of what changes nothing', async () => {
    const before = (await kitter.call('GET', '/audit')).body.total
    const user = { username: 'no spaces please' }
    for (const [method, path, options, status] of [
      ['POST', '/users', { token: null, body: { user } }, 401],
      ['POST', '/users', { token: 'nonsense', body: { user } }, 401],
      ['POST', '/users', { body: { user } }, 400],
      ['POST', '/users', { raw: '{' }, 400],
      ['GET', `/users/${randomUUID()}`, {}, 404],
      ['GET', '/callerIdManager', { token: domainAdmin }, 403],
      ['POST', '/nowhere', {}, 404],
      ['GET', '/users', {}, 200],
    ] as const) {
      expect((await kitter.call(method, path, options)).status).toBe(status)
    }
    expect((await kitter.call('GET', '/audit')).body.total).toBe(before)
  })
})

describe('Where a change comes from', () => {
  const seen = async (forwarded: string): Promise<string | undefined> => {
    const { entries } = await entryOf((headers) =>
      kitter.call('POST', '/users/logout', { headers: { ...headers, 'x-forwarded-for': forwarded } }),
    )
    return entries[0]?.origin?.address
  }

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['203.0.113.9, 192.0.2.7', '192.0.2.7'],
    ['192.0.2.7, 127.0.0.1', '192.0.2.7'],
    ['<script>', '127.0.0.1'],
    ['x'.repeat(5000), '127.0.0.1'],
    ['unknown', '127.0.0.1'],
  ])('is what a trusted proxy says, where that is an address: %s', async (forwarded, address) => {
    expect(await seen(forwarded)).toBe(address)
  })

  it('is never what anybody else says', async () => {
    await using plain = await TestKitter.start()
    await plain.call('POST', '/users/logout', { headers: { 'x-forwarded-for': '192.0.2.7' } })
    const { body } = await plain.call('GET', '/audit')
    expect(body.entries[0]).toMatchObject({ action: 'realm.logout', origin: { address: '127.0.0.1' } })
  })
})

describe('The trail', () => {
  it('is read by admins and viewers; a domain admin sees what they did themselves', async () => {
    const created = await kitter.call('POST', '/users', { token: domainAdmin, body: { user: { username: 'mine' } } })
    const { id } = created.body.user
    await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'By an admin' } })
    expect((await trail(`subject=${id}`, domainAdmin)).map(({ action }) => action)).toEqual(['user.create'])
    expect((await trail(`subject=${id}`, viewer)).map(({ action }) => action)).toEqual(['user.update', 'user.create'])
    const own = await trail('paginate[max]=1000', domainAdmin)
    expect(new Set(own.map(({ actor }) => actor.id))).toEqual(new Set([subjectOf(domainAdmin)]))
    for (const actor of ['kitter-admin', 'kitter', subjectOf(kitter.adminToken)]) {
      const answer = await kitter.call('GET', `/audit?actor=${encodeURIComponent(actor)}`, { token: domainAdmin })
      expect(answer.body).toEqual({ entries: [], total: 0 })
    }
  })

  it('is found by actor (id or name), subject and time, page by page, newest first', async () => {
    const user = await kitter.createUser('paged')
    for (const enabled of [false, true, false]) await kitter.call('PATCH', `/users/${user.id}`, { body: { enabled } })
    for (const actor of ['kitter-admin', subjectOf(kitter.adminToken)]) {
      const filter = `actor=${encodeURIComponent(actor)}&subject=${user.id}&since=2020-01-01`
      const all = await trail(filter)
      expect(all.map(({ after }) => after?.['enabled'])).toEqual([false, true, false, true])
      const pages = await Promise.all([0, 1].map((page) => trail(`${filter}&paginate[max]=3&paginate[page]=${page}`)))
      expect(pages.flat()).toEqual(all)
    }
    expect(await trail(`subject=${user.id}&since=2999-01-01`)).toEqual([])
  })

  it('can be changed by no statement that kitter, or anybody over its connection, may send', async () => {
    for (const sql of ["UPDATE audit.entries SET actor = 'x'", 'DELETE FROM audit.entries', 'TRUNCATE audit.entries']) {
      await expect(look.rows(sql)).rejects.toThrow('append-only')
    }
  })

  it('is kept for AUDIT_KEPT', async () => {
    await using short = await TestKitter.start({ AUDIT_KEPT: '1 second' })
    await using shortLook = await DatabaseLook.into(short)
    await short.createUser('soon-gone')
    expect(
      await shortLook.count('audit.entries', "kept_until - at = interval '1 second' AND action = 'user.create'"),
    ).toBe(1)
    await expect.poll(() => shortLook.count('audit.entries', 'kept_until > now()'), patience).toBe(0)
    // the job comes at every start
    await using restarted = await TestKitter.start({ DATABASE_URL: short.databaseUrl }, short.systems)
    expect(restarted.url).not.toBe(short.url)
    await expect.poll(() => shortLook.count('audit.entries'), patience).toBe(0)
    expect(await look.count('audit.entries', "kept_until - at <> interval '400 days'")).toBe(0)
  })
})
