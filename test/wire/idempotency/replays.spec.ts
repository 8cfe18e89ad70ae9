import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '#infrastructure/http'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { giveRoles } from '../access/give-roles.fixture.ts'
import { createSubjects, named, pathOf, uniqueName } from '../errors/routes.fixture.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { isReplay, newKey, post, told } from './keyed-calls.fixture.ts'

const resources = new AsyncDisposableStack()
const lines: Readonly<Record<string, unknown>>[] = []
let kitter: TestKitter
let look: DatabaseLook

beforeAll(async () => {
  const destination = new Writable({
    write: (line: Buffer, _, done) => {
      lines.push(JSON.parse(line.toString()))
      done()
    },
  })
  const logger = createLogger({ level: 'info', readable: false }, destination)
  kitter = resources.use(await TestKitter.start({ CALLER_ID_ENABLED: 'on' }, undefined, logger))
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

const userNamed = (username: string, fields: object = {}) => ({ user: { username, ...fields } })

describe('A POST with a key that comes again', () => {
  it('is answered as before, says so, and has a request id of its own', async () => {
    const key = newKey()
    const body = userNamed('anna', { email: 'anna@example.com', attributes: { zz: 'last', '7': 'seven', aa: 'first' } })
    const first = await post(kitter, '/users', { key, body })
    const second = await post(kitter, '/users', { key, body })
    expect([first.status, isReplay(first)]).toEqual([201, 'false'])
    expect([second.status, isReplay(second), second.text]).toEqual([201, 'true', first.text])
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(await look.usersNamed('anna')).toEqual({ kitter: 1, keycloak: 1, wacCore: 1 })

    const ids = [first, second].map(({ headers }) => headers.get('x-request-id'))
    expect(new Set(ids).size).toBe(2)
    const replayed = (id: string | null) => lines.find((line) => line['request_id'] === id)?.['replayed']
    await expect.poll(() => ids.map(replayed), { timeout: 5000, interval: 10 }).toEqual([undefined, true])
    expect(JSON.stringify(lines)).not.toContain(key)
  })

  const posts = named.filter(([, { method }]) => method === 'POST')

  it('is any there is', () => {
    expect(posts.length).toBeGreaterThanOrEqual(8)
  })

  it.each(posts)('%s: is answered as before', async (_, route) => {
    const path = pathOf(route, await createSubjects(kitter, 'quobis', kitter.adminToken, route))
    const key = newKey()
    const name = uniqueName()
    const send = (): Promise<Answer> =>
      route.file === undefined
        ? post(kitter, path, { key, body: route.body?.(name) })
        : kitter.call('POST', path, {
            raw: route.file(name),
            headers: { 'idempotency-key': key, 'content-type': 'text/csv' },
          })
    const first = await send()
    const second = await send()
    expect([first.status, isReplay(first)]).toEqual([route.success, 'false'])
    expect([second.status, isReplay(second), second.text]).toEqual([route.success, 'true', first.text])
  })

  it('does nothing, also where it could do more by now', async () => {
    const user = await kitter.createUser('logged-in', { credentials: { password: 'secret' } })
    const key = newKey()
    await kitter.logIn('logged-in', 'secret')
    expect((await post(kitter, `/users/${user.id}/logout`, { key })).body).toEqual({ logged_out: 1 })
    await kitter.logIn('logged-in', 'secret')
    expect((await post(kitter, `/users/${user.id}/logout`, { key })).body).toEqual({ logged_out: 1 })
    expect((await post(kitter, `/users/${user.id}/logout`, { key: newKey() })).body).toEqual({ logged_out: 1 })
  })

  it('is the same with its fields in another order, and written otherwise', async () => {
    const key = newKey()
    const headers = { 'idempotency-key': key }
    const raw = '{"user":{"username":"order","attributes":{"a":["x","é"],"b":"2"}}}'
    const other = '{ "user": {"attributes": {"b": "2", "a": ["x", "\\u00e9"]}, "username": "order"} }'
    expect((await kitter.call('POST', '/users', { raw, headers })).status).toBe(201)
    expect(isReplay(await kitter.call('POST', '/users', { raw: other, headers }))).toBe('true')
  })

  it('is told of a conflict again, also when its reason is gone', async () => {
    const owner = await kitter.createUser('wanted')
    const call = { key: newKey(), body: userNamed('wanted') }
    const first = await post(kitter, '/users', call)
    await kitter.call('DELETE', `/users/${owner.id}`)
    const second = await post(kitter, '/users', call)
    expect(first).toMatchObject({ status: 409, body: { code: 'user.name_taken' } })
    expect([isReplay(first), isReplay(second)]).toEqual(['false', 'true'])
    expect(told(second)).toEqual(told(first))
    expect(second.body.request_id).toBe(second.headers.get('x-request-id'))
    expect(second.body.request_id).not.toBe(first.body.request_id)
    expect((await post(kitter, '/users', { ...call, key: newKey() })).status).toBe(201)
  })

  it('is told again that something is unknown', async () => {
    const path = '/users/00000000-0000-4000-8000-000000000000/logout'
    const key = newKey()
    const answers = [await post(kitter, path, { key }), await post(kitter, path, { key })]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(answers.map(isReplay)).toEqual(['false', 'true'])
    expect(answers.map(told)).toEqual([told(answers[0]!), told(answers[0]!)])
  })
})

describe('A key is free again', () => {
  it('after a request that was not valid', async () => {
    const key = newKey()
    const refused = await post(kitter, '/users', { key, body: userNamed('no spaces please') })
    expect([refused.status, isReplay(refused)]).toEqual([400, 'false'])
    const unknown = await post(kitter, '/users', { key, body: userNamed('x', { attributes: { domain: 'nowhere' } }) })
    expect(unknown.body).toMatchObject({ code: 'request.invalid' })
    expect((await post(kitter, '/users', { key, body: userNamed('mended') })).status).toBe(201)
  })

  it('after a refusal that is about the rights of the caller', async () => {
    const { id } = await kitter.createUser('boss')
    await giveRoles(kitter, id, 'kitter-admin')
    const call = { key: newKey(), token: await kitter.token('kitter-domain-admin', 'quobis') }
    expect((await post(kitter, `/users/${id}/logout`, call)).status).toBe(403)
    await giveRoles(kitter, id)
    const answer = await post(kitter, `/users/${id}/logout`, call)
    expect([answer.status, isReplay(answer)]).toEqual([200, 'false'])
  })

  it('after no answer of a key that nobody may use', async () => {
    const key = newKey()
    for (const token of [await kitter.token('kitter-viewer'), 'nonsense']) {
      const { status } = await post(kitter, '/users', { key, token, body: userNamed('viewed') })
      expect([401, 403]).toContain(status)
    }
    expect((await post(kitter, '/users', { key, body: userNamed('viewed') })).status).toBe(201)
  })
})

describe('A key stands for one request', () => {
  const reused = {
    status: 422,
    body: {
      code: 'idempotency.key_reused',
      error: 'This Idempotency-Key has been used for another request: take a new one.',
    },
  }

  it('and is refused with another body, query or route, which changes nothing', async () => {
    const { id } = await kitter.createUser('bystander')
    const key = newKey()
    const body = userNamed('one')
    const first = await post(kitter, '/users', { key, body })
    const others = [
      await post(kitter, '/users', { key, body: userNamed('other') }),
      await post(kitter, '/users', { key, body: userNamed('one', { enabled: true }) }),
      await post(kitter, '/users?a=b', { key, body }),
      await post(kitter, `/users/${id}/logout`, { key, body }),
      await post(kitter, '/domains', { key, body: { domain: { domain: 'one.example' } } }),
    ]
    for (const other of others) expect(other).toMatchObject(reused)
    expect(others.map(isReplay)).toEqual(others.map(() => 'false'))
    expect(await look.count('kitter.users', "username = 'other'")).toBe(0)
    const again = await post(kitter, '/users', { key, body })
    expect([again.text, isReplay(again)]).toEqual([first.text, 'true'])
  })

  it('of one caller: another has keys of its own', async () => {
    const key = newKey()
    const token = await kitter.token('kitter-domain-admin', 'quobis')
    expect((await post(kitter, '/users', { key, body: userNamed('mine') })).status).toBe(201)
    const theirs = await post(kitter, '/users', { key, token, body: userNamed('theirs') })
    expect([theirs.status, isReplay(theirs)]).toEqual([201, 'false'])
    const taken = await post(kitter, '/users', { key: newKey(), token, body: userNamed('mine') })
    expect([taken.status, isReplay(taken)]).toEqual([409, 'false'])
  })

  it('in quotation marks or without them', async () => {
    const body = userNamed('quoted')
    expect(isReplay(await post(kitter, '/users', { key: '"it is \\"me\\\\"'.replaceAll(' ', '-'), body }))).toBe(
      'false',
    )
    expect(isReplay(await post(kitter, '/users', { key: 'it-is-"me\\', body }))).toBe('true')
  })

  it.each(['!', '~', '"x"', '7:é'.slice(0, 2), 'x'.repeat(255), 'a"b', 'a,b'])('such as %s', async (key) => {
    const body = userNamed(uniqueName())
    expect((await post(kitter, '/users', { key, body })).status).toBe(201)
    expect(isReplay(await post(kitter, '/users', { key, body }))).toBe('true')
  })

  it.each(['', ' ', '"', '""', 'a b', '"a b"', '"a', '"a"b"', '"a\\b"', 'é', '"é"', 'a\tb', 'x'.repeat(256)])(
    'and is refused when it is none: %j',
    async (key) => {
      const answer = await post(kitter, '/users', { key, body: userNamed('never') })
      expect(answer).toMatchObject({
        status: 400,
        body: {
          code: 'request.invalid',
          fields: [
            { path: 'Idempotency-Key', problem: 'must have 1 to 255 visible ASCII characters, and be given once' },
          ],
        },
      })
      expect(await look.count('kitter.users', "username = 'never'")).toBe(0)
    },
  )

  it('that is given once', async () => {
    const headers = new Headers({ authorization: `Bearer ${kitter.adminToken}`, 'content-type': 'application/json' })
    headers.append('idempotency-key', 'a')
    headers.append('idempotency-key', 'b')
    const body = JSON.stringify(userNamed('twice'))
    expect((await fetch(`${kitter.url}/users`, { method: 'POST', headers, body })).status).toBe(400)
  })
})

describe('Without a key', () => {
  it('nothing is said of replays', async () => {
    const answer = await post(kitter, '/users', { body: userNamed('keyless') })
    expect([answer.status, isReplay(answer)]).toEqual([201, null])
    expect((await post(kitter, '/users', { body: userNamed('keyless') })).status).toBe(409)
  })

  it('means any other method, whatever its headers say', async () => {
    const { id } = await kitter.createUser('other-methods')
    const headers = { 'idempotency-key': 'a key of other methods' }
    const first = await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'One' }, headers })
    const second = await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'Two' }, headers })
    expect([first.status, second.body.user.first_name, isReplay(second)]).toEqual([200, 'Two', null])
    expect((await kitter.call('GET', `/users/${id}`, { headers })).status).toBe(200)
  })
})

describe('What is kept', () => {
  it('holds no secret of a request, nor what it could be guessed by', async () => {
    const secret = 'correct horse battery staple'
    const fields = { credentials: { password: secret }, sip_mapping: { username: '900', password: secret } }
    const { status } = await post(kitter, '/users', { key: newKey(), body: userNamed('secretive', fields) })
    expect(status).toBe(201)
    const kept = JSON.stringify([
      await look.rows('SELECT to_jsonb(k) AS row FROM kitter.idempotency_keys k'),
      await look.rows('SELECT to_jsonb(o) AS row FROM kitter.operations o'),
    ])
    expect(kept).toContain('secretive')
    for (const wording of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')]) {
      expect(kept).not.toContain(wording)
    }
    expect(await look.rows('SELECT name, length(value) AS bytes FROM kitter.secrets ORDER BY name')).toEqual([
      { name: 'idempotency', bytes: 32 },
      { name: 'search', bytes: 32 },
    ])
  })

  it('is kept of a request once: its operation has no part of it', async () => {
    const key = newKey()
    await post(kitter, '/users', { key, body: userNamed('once-only', { email: 'once-only@example.com' }) })
    expect(JSON.stringify(await look.rows('SELECT * FROM kitter.operations'))).not.toContain('once-only@example.com')
  })
})
