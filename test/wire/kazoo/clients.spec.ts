import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, KazooClient, nobody, type TestAccount, uuidIn } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start({ LOGIN_NAMES: 'domain' }))
  account = await kazoo.account()
})
afterAll(() => resources.disposeAsync())

describe("What clients of Kazoo's break on", () => {
  it('the type of every JSON answer, failures included, is application/json to the letter', async () => {
    const path = await kazoo.user(account)
    for (const answer of [
      await kazoo.call('GET', path),
      await kazoo.call('GET', account.users),
      await kazoo.send('PUT', account.users, {}),
      await kazoo.call('GET', path, { token: null }),
      await kazoo.call('GET', '/v2/nothing'),
      await kazoo.call('PUT', path),
    ]) {
      expect(answer.headers.get('content-type'), answer.text).toBe('application/json')
    }
  })

  it('a failure has its status as a text, a message, a request id and data, and no revision', async () => {
    const sent = randomUUID()
    const answer = await kazoo.send('PUT', account.users, {}, { headers: { 'x-request-id': sent } })
    expect(answer.headers.get('x-request-id')).toBe(sent)
    const required = { required: { message: 'Field is required but missing' } }
    expect(answer.body).toEqual({
      auth_token: kazoo.kitter.adminToken,
      data: { first_name: required, last_name: required },
      error: '400',
      message: 'validation error',
      request_id: sent,
      status: 'error',
      timestamp: expect.any(String) as string,
    })
    const unsigned = await kazoo.call('GET', account.users, { token: null })
    expect(unsigned.body).toMatchObject({ auth_token: '', error: '401', message: 'invalid_credentials' })
  })

  it('a name that is taken is told by field, code, message and cause, in any case', async () => {
    const taken = `Bob_${randomUUID()}`
    await kazoo.user(account, { username: taken, password: 'secret' })
    const data = { first_name: 'A', last_name: 'B', username: taken.toUpperCase(), password: 'secret' }
    const answer = await kazoo.send('PUT', account.users, data)
    const unique = { message: 'Username must be unique within account', cause: taken.toLowerCase() }
    expect([answer.status, answer.body.error, answer.body.message]).toEqual([400, '400', 'validation error'])
    expect(answer.body.data).toEqual({ username: { unique } })
    const elsewhere = await kazoo.account()
    expect((await kazoo.send('PUT', elsewhere.users, data)).status).toBe(201)
  })

  it('so is an address that is used twice', async () => {
    const email = `${randomUUID()}@Example.com`
    await kazoo.user(account, { email })
    const path = await kazoo.user(account)
    const answer = await kazoo.send('PATCH', path, { email: email.toUpperCase() })
    expect(answer.body.data).toMatchObject({ email: { unique: { cause: email.toLowerCase() } } })
  })

  it('a create is 201 with a Location that is a path, all others are 200', async () => {
    const made = await kazoo.send('PUT', account.users, { first_name: 'A', last_name: 'B' })
    const path = `${account.users}/${String(made.body.data.id)}`
    expect([made.status, made.headers.get('location')]).toEqual([201, path])
    const document = made.body.data as object
    expect((await kazoo.send('POST', path, document)).status).toBe(200)
    expect((await kazoo.send('PATCH', path, { timezone: 'UTC' })).status).toBe(200)
    expect((await kazoo.call('DELETE', path)).status).toBe(200)
  })

  it('a removed user is told as it was, and is not there any more', async () => {
    const path = await kazoo.user(account, { timezone: 'UTC' })
    expect((await kazoo.call('DELETE', path)).body.data).toMatchObject({ first_name: 'User', timezone: 'UTC' })
    const gone = await kazoo.call('GET', path)
    expect([gone.status, gone.body.message]).toEqual([404, 'bad_identifier'])
  })

  it('a removal may come with a body, with an empty one, or with its verb', async () => {
    for (const raw of ['{"verb":"DELETE"}', '{"data":{}}', '{}', '']) {
      const path = await kazoo.user(account)
      const answer = await kazoo.call('DELETE', path, { raw, headers: json })
      expect(answer.status, raw).toBe(200)
    }
  })

  it('a list is a list, also where there is nothing', async () => {
    const { users } = await kazoo.account()
    const { body } = await kazoo.call('GET', users)
    expect(body).toMatchObject({ data: [], page_size: 0, status: 'success' })
    expect(body).not.toHaveProperty('next_start_key')
    expect(body).not.toHaveProperty('start_key')
    expect((await kazoo.call('GET', `${users}?filter_first_name=x`)).body.data).toEqual([])
  })

  it('an unknown user is told with the id that was asked for', async () => {
    for (const id of [nobody, 'zzz', 'F'.repeat(32)]) {
      for (const method of ['GET', 'DELETE', 'PATCH', 'POST']) {
        const answer = await kazoo.call(method, `${account.users}/${id}`, { body: { data: {} } })
        expect(answer.body, `${method} ${id}`).toMatchObject({
          data: { message: 'bad identifier', cause: id },
          error: '404',
          message: 'bad_identifier',
          status: 'error',
        })
      }
    }
  })

  it('null removes a key, POST those that it leaves out, and unknown keys stay', async () => {
    const path = await kazoo.user(account, { timezone: 'UTC', custom: { a: 1, b: 2 }, hotdesk: { pin: '1234' } })
    const patched = await kazoo.send('PATCH', path, { timezone: null, custom: { a: null }, hotdesk: {} })
    expect(patched.body.data).toMatchObject({ custom: { b: 2 } })
    expect(patched.body.data).not.toHaveProperty('timezone')
    expect(patched.body.data).not.toHaveProperty('custom.a')
    expect(patched.body.data).not.toHaveProperty('hotdesk.pin')
    const replaced = await kazoo.send('POST', path, { first_name: 'User', last_name: 'Three', smartpbx: { x: [] } })
    expect(replaced.body.data).toMatchObject({ smartpbx: { x: [] }, priv_level: 'user' })
    expect(replaced.body.data).not.toHaveProperty('custom')
    expect((await kazoo.call('GET', path)).body.data).toEqual(replaced.body.data)
  })

  it('a name comes back in lower case, a password never, and of the private keys none', async () => {
    const username = `Anna_${randomUUID()}`
    const path = await kazoo.user(account, { username, password: 'my secret', pvt_a: 1, _id: 'x', _rev: '1-a' })
    const { body, text } = await kazoo.call('GET', path)
    expect(body.data).toMatchObject({ username: username.toLowerCase() })
    expect(text).not.toMatch(/my secret|pvt_|"_/)
  })

  it('tokens are taken from header, query and body', async () => {
    const path = await kazoo.user(account)
    const { adminToken } = kazoo.kitter
    expect((await kazoo.call('GET', `${path}?auth_token=${adminToken}`, { token: null })).status).toBe(200)
    const body = { data: { timezone: 'UTC' }, auth_token: adminToken }
    expect((await kazoo.call('PATCH', path, { token: null, body })).status).toBe(200)
    const headers = { authorization: `Bearer ${adminToken}` }
    expect((await kazoo.call('GET', path, { token: null, headers })).status).toBe(200)
  })

  it('a POST stands for another method, as its body or its query says', async () => {
    const data = { first_name: 'A', last_name: 'B' }
    const made = await kazoo.call('POST', account.users, { body: { data, verb: 'put' } })
    expect(made.status).toBe(201)
    const path = `${account.users}/${String(made.body.data.id)}`
    const patched = await kazoo.send('POST', `${path}?verb=PATCH`, { timezone: 'UTC' })
    expect(patched.body.data).toMatchObject({ first_name: 'A', timezone: 'UTC' })
    expect((await kazoo.call('POST', path, { body: { verb: 'DELETE' } })).status).toBe(200)
    expect((await kazoo.call('GET', path)).status).toBe(404)
  })

  it('the type that is accepted may be said in the query', async () => {
    const path = `${await kazoo.user(account)}/vcard`
    const headers = { accept: 'application/json' }
    expect((await kazoo.call('GET', `${path}?accept=text/directory`, { headers })).status).toBe(200)
    const refused = await kazoo.call('GET', path, { headers })
    expect([refused.status, refused.text]).toEqual([406, ''])
  })

  it('people may have it printed for them', async () => {
    const path = await kazoo.user(account)
    const plain = await kazoo.call('GET', path)
    for (const pretty of [
      await kazoo.call('GET', `${path}?pretty_print=true`),
      await kazoo.call('GET', path, { headers: { 'x-pretty-print': 'true' } }),
    ]) {
      expect(pretty.text).toContain('\n    "data": {\n')
      expect((pretty.body as { data: object }).data).toEqual(plain.body.data)
      expect(pretty.headers.get('content-type')).toBe('application/json')
    }
  })

  it('a page of another origin may call', async () => {
    const origin = { origin: 'https://portal.example' }
    const preflight = await kazoo.call('OPTIONS', account.users, {
      token: null,
      headers: { ...origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-auth-token' },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/X-Auth-Token.*If-Match/)
    for (const answer of [
      await kazoo.call('GET', account.users, { headers: origin }),
      await kazoo.call('GET', account.users, { token: null, headers: origin }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/X-Request-ID.*ETag/)
    }
  })
})

describe('What has not changed', () => {
  it('is not told again to who has it', async () => {
    const path = await kazoo.user(account)
    for (const asked of [path, account.users]) {
      const first = await kazoo.call('GET', asked)
      const etag = first.headers.get('etag') ?? ''
      expect(etag).toBe(`"${String(first.body.revision)}"`)
      const again = await kazoo.call('GET', asked, { headers: { 'if-none-match': etag } })
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
      expect((await kazoo.call('GET', asked, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    }
  })

  it('is changed only as somebody saw it, if they say so', async () => {
    const path = await kazoo.user(account)
    const seen = (await kazoo.call('GET', path)).headers.get('etag') ?? ''
    const headers = { 'if-match': seen }
    expect((await kazoo.send('PATCH', path, { timezone: 'UTC' }, { headers })).status).toBe(200)
    const whole = { first_name: 'A', last_name: 'B' }
    for (const answer of [
      await kazoo.send('PATCH', path, { timezone: 'Asia/Tokyo' }, { headers }),
      await kazoo.send('POST', path, whole, { headers }),
      await kazoo.call('DELETE', path, { headers }),
    ]) {
      expect([answer.status, answer.text]).toEqual([412, ''])
    }
    expect((await kazoo.send('POST', path, {}, { headers })).status).toBe(400)
    expect((await kazoo.call('GET', path)).body.data).toMatchObject({ first_name: 'User', timezone: 'UTC' })
    expect((await kazoo.call('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(200)
  })

  it('is changed by one of those who come at once with the same revision', async () => {
    const path = await kazoo.user(account)
    const headers = { 'if-match': (await kazoo.call('GET', path)).headers.get('etag') ?? '' }
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((presence_id) => kazoo.send('PATCH', path, { presence_id }, { headers })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412])
  })

  it('is not removed by who saw it before somebody else changed it, also at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const path = await kazoo.user(account)
      const headers = { 'if-match': (await kazoo.call('GET', path)).headers.get('etag') ?? '' }
      const answers = await Promise.all([
        kazoo.send('PATCH', path, { presence_id: 'a' }, { headers }),
        kazoo.call('DELETE', path, { headers }),
        kazoo.send('PATCH', path, { presence_id: 'b' }, { headers }),
        kazoo.call('DELETE', path, { headers }),
      ])
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(1)
      expect(statuses.filter((status) => ![200, 404, 412].includes(status))).toEqual([])
    }
  })
})

describe('Both APIs', () => {
  it('see the same users at once', async () => {
    const native = await kazoo.kitter.createUser(`n${randomUUID()}`, {
      first_name: 'Native',
      attributes: { domain: account.domain },
    })
    const path = `${account.users}/${native.id.replaceAll('-', '')}`
    expect((await kazoo.call('GET', path)).body.data).toMatchObject({ username: native.username, first_name: 'Native' })
    expect((await kazoo.send('PATCH', path, { last_name: 'Kazoo' })).status).toBe(200)
    expect((await kazoo.kitter.call('GET', `/users/${native.id}`)).body.user).toMatchObject({ last_name: 'Kazoo' })
    await kazoo.kitter.call('PATCH', `/users/${native.id}`, { body: { first_name: 'Again' } })
    expect((await kazoo.call('GET', path)).body.data).toMatchObject({ first_name: 'Again', last_name: 'Kazoo' })
  })

  it('are told of in one audit trail, under one id', async () => {
    const path = await kazoo.user(account)
    const id = path.split('/').at(-1) ?? ''
    const viewer = await kazoo.kitter.token('kitter-viewer')
    await kazoo.send('PATCH', path, { timezone: 'UTC' })
    await kazoo.call('DELETE', `${path}/photo`)
    await kazoo.call('DELETE', path, { token: viewer })
    const { text } = await kazoo.audited(uuidIn(path))
    expect(await kazoo.toldOf(path)).toEqual([
      ...['user.create done', 'user.update done', 'kazoo.photo.delete done', 'user.delete refused'],
    ])
    expect(text).not.toContain(id)
  })

  it('a create that comes again under its key is answered again', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const data = { first_name: 'Once', last_name: 'Only' }
    const [first, again] = [
      await kazoo.send('PUT', account.users, data, { headers }),
      await kazoo.send('PUT', account.users, data, { headers }),
    ]
    expect([first.status, again.status, again.body.data.id]).toEqual([201, 201, first.body.data.id])
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })
})
