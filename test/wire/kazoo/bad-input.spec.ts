import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { json, KazooClient, nobody, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
let path: string
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  path = await kazoo.user(account, { custom: { n: 5, yes: true } })
})
afterAll(() => resources.disposeAsync())

const raw = (method: string, at: string, text: string | Uint8Array, headers: Record<string, string> = json) =>
  kazoo.call(method, at, { raw: text, headers })

function expectError(answer: Answer, status: number, message: string, data?: object): void {
  expect(answer.body, answer.text).toMatchObject({
    status: 'error',
    error: String(status),
    message,
    ...(data && { data }),
  })
  expect(answer.status).toBe(status)
}

describe('A request that cannot be', () => {
  it('has a body without data: it says nothing', async () => {
    const required = { required: { message: 'Field is required but missing' } }
    for (const text of ['{}', '', '{"auth":1}']) {
      expectError(await raw('PUT', account.users, text), 400, 'validation error', {
        first_name: required,
        last_name: required,
      })
    }
    const before = (await kazoo.call('GET', path)).body.data as object
    expect((await raw('PATCH', path, '{}')).body.data).toEqual(before)
  })

  it('has data that is no object', async () => {
    const wrong = { data: { type: { message: expect.stringContaining('did not match') as string } } }
    for (const data of ['[]', '"text"', '5', 'null', 'true', '[{"first_name":"A"}]']) {
      expectError(await raw('PUT', account.users, `{"data":${data}}`), 400, 'validation error', wrong)
    }
    for (const body of ['[]', '"text"', '5'])
      expectError(await raw('PUT', account.users, body), 400, 'validation error')
  })

  it('has JSON that is none', async () => {
    const invalid = { json: { invalid: { message: 'All JSON must be valid', target: 'body' } } }
    for (const text of ['{', '{"data":{}', '{"data":{},}', 'nonsense', '{"data":{"__proto__":{}}}']) {
      expectError(await raw('PUT', account.users, text), 400, 'validation error', invalid)
    }
    expectError(await raw('PUT', account.users, new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'validation error', invalid)
  })

  it('is of another type, and is told so without a word', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await raw('PUT', account.users, '{"data":{}}', { 'content-type': type })
      expect([answer.status, answer.text], type).toEqual([415, ''])
    }
  })

  it('accepts nothing that there is', async () => {
    for (const accept of ['text/html', 'application/xml', 'application/json;q=0']) {
      const answer = await kazoo.call('GET', path, { headers: { accept } })
      expect([answer.status, answer.text], accept).toEqual([406, ''])
    }
    for (const accept of ['*/*', 'application/*', 'text/html, application/json;q=0.1']) {
      expect((await kazoo.call('GET', path, { headers: { accept } })).status, accept).toBe(200)
    }
  })

  it('uses a method that there is not, and is told so before anything else', async () => {
    for (const [method, at] of [
      ['DELETE', account.users],
      ['PATCH', account.users],
      ['POST', account.users],
      ['PUT', path],
      ['PUT', `${path}/photo`],
      ['POST', `${path}/vcard`],
      ['DELETE', '/v2/accounts/nothing/users'],
      ['POST', `${account.users}?verb=DELETE`],
      ['POST', `${path}?verb=PUT`],
    ] as const) {
      const answer = await kazoo.call(method, at, { token: null })
      expectError(answer, 405, 'invalid_method', { message: 'method not allowed' })
      expect(answer.headers.get('allow'), at).toMatch(/GET/)
    }
  })

  it('names an account that is not there: also to who has no token', async () => {
    for (const id of ['nothing', '0'.repeat(32), nobody, account.id.slice(8), account.id.toUpperCase()]) {
      if (id === account.id) continue
      for (const token of [null, kazoo.kitter.adminToken]) {
        const answer = await kazoo.call('GET', `/v2/accounts/${id}/users`, { token })
        expectError(answer, 404, 'bad_identifier', { message: 'bad identifier', cause: id })
      }
    }
  })

  it('names an account that is another one', async () => {
    const other = await kazoo.account()
    const token = await kazoo.kitter.token('kitter-domain-admin', other.domain)
    for (const answer of [
      await kazoo.call('GET', account.users, { token }),
      await kazoo.call('GET', path, { token }),
      await raw('PUT', `${account.users}?auth_token=${token}`, '{', { ...json, 'x-auth-token': token }),
    ]) {
      expectError(answer, 403, 'forbidden', { message: 'forbidden' })
    }
    const id = path.split('/').at(-1) ?? ''
    expectError(await kazoo.call('GET', `${other.users}/${id}`, { token }), 404, 'bad_identifier')
    expectError(await kazoo.call('GET', `${other.users}/${id}`), 404, 'bad_identifier')
    const below = await kazoo.account(other.domain)
    expect((await kazoo.call('GET', below.users, { token })).status).toBe(200)
  })

  it('has no token, or one that is none, or one without the right', async () => {
    for (const token of [null, 'nonsense', 'a.b.c', '0'.repeat(64)]) {
      expectError(await kazoo.call('GET', path, { token }), 401, 'invalid_credentials')
    }
    const viewer = await kazoo.kitter.token('kitter-viewer')
    expectError(await kazoo.call('DELETE', path, { token: viewer }), 403, 'forbidden')
    for (const at of [`${path}/photo`, `${path}/vcard`, `${path}/quickcall/123`]) {
      expectError(await kazoo.call('GET', at, { token: null }), 401, 'invalid_credentials')
    }
  })

  it('is answered in the order of what everybody may know', async () => {
    const text = { 'content-type': 'text/plain' }
    const nowhere = `/v2/accounts/${nobody}/users`
    const send = (at: string, token: string | null) => kazoo.call('PUT', at, { token, raw: 'x', headers: text })
    expect((await send(nowhere, null)).status).toBe(404)
    expect((await send(account.users, null)).status).toBe(401)
    expect((await send(account.users, await kazoo.kitter.token('kitter-viewer'))).status).toBe(403)
    expect((await send(account.users, kazoo.kitter.adminToken)).status).toBe(415)
    const accept = { accept: 'text/html' }
    expect((await raw('PATCH', path, '{"data":{"first_name":""}}', { ...json, ...accept })).status).toBe(406)
    expect((await raw('PATCH', path, '{"data":{"first_name":""}}', { ...json, 'if-match': '"x"' })).status).toBe(400)
    expect((await raw('PATCH', path, '{"data":{}}', { ...json, 'if-match': '"x"' })).status).toBe(412)
  })

  it('sets a password for nobody, or a name without one', async () => {
    const data = { first_name: 'A', last_name: 'B', password: 'secret' }
    expectError(await kazoo.send('PUT', account.users, data), 400, 'validation error', {
      username: { required: { message: 'The user name must be provided when updating the password' } },
    })
    expectError(await kazoo.send('PATCH', path, { username: 'new-name' }), 400, 'validation error', {
      password: { required: { message: 'The password must be provided when updating the user name' } },
    })
  })

  it('nests a thousand deep', async () => {
    const deep = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`
    expectError(await raw('PATCH', path, `{"data":{"custom":${deep}}}`), 400, 'validation error', {
      custom: { maxDepth: {} },
    })
    const list = `${'['.repeat(1000)}${']'.repeat(1000)}`
    expectError(await raw('PUT', account.users, `{"data":${list}}`), 400, 'validation error')
  })

  it('is larger than a document can be', async () => {
    const text = JSON.stringify({ data: { custom: 'x'.repeat(1024 * 1024) } })
    expect((await raw('PATCH', path, text)).status).toBe(413)
  })

  it('says everything that is wrong at once', async () => {
    const { body } = await kazoo.send('PUT', account.users, {
      first_name: '',
      hotdesk: { pin: '1', id: 'x'.repeat(16) },
      priv_level: 'root',
      email: 'nobody',
      username: 'a b',
      password: 'secret',
    })
    expect(Object.keys(body.data as object).toSorted()).toEqual([
      'email',
      'first_name',
      'hotdesk.id',
      'hotdesk.pin',
      'last_name',
      'priv_level',
      'username',
    ])
  })

  it('two at once change different keys, and both stay', async () => {
    const own = await kazoo.user(account)
    const answers = await Promise.all([
      kazoo.send('PATCH', own, { timezone: 'UTC' }),
      kazoo.send('PATCH', own, { presence_id: 'here' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect((await kazoo.call('GET', own)).body.data).toMatchObject({ timezone: 'UTC', presence_id: 'here' })
  })
})

describe('A photo', () => {
  const put = (bytes: Uint8Array | string, headers: Record<string, string>) =>
    raw('POST', `${path}/photo`, bytes, headers)
  const bytesType = { 'content-type': 'application/octet-stream' }

  it('has at most 8,000,000 bytes, in base64 too', async () => {
    const tooLarge = { file: { maxSize: { message: 'Files must not be more than 8000000 bytes', target: 8000000 } } }
    expect((await put(Buffer.alloc(8_000_000, 1), bytesType)).status).toBe(200)
    const fetched = await kazoo.call('GET', `${path}/photo`)
    expect(fetched.headers.get('content-length')).toBe('8000000')
    for (const size of [8_000_001, 9_000_000, 12_000_000]) {
      expect((await put(Buffer.alloc(size), bytesType)).body, String(size)).toMatchObject({
        error: '413',
        data: tooLarge,
      })
    }
    const base64 = { ...bytesType, 'content-transfer-encoding': 'base64' }
    expect((await put(Buffer.alloc(8_000_000).toString('base64'), base64)).status).toBe(200)
    expect((await put(Buffer.alloc(8_000_001).toString('base64'), base64)).status).toBe(413)
  })

  it('comes in base64, also with what it is', async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2])
    const base64 = { ...bytesType, 'content-transfer-encoding': 'base64' }
    expect((await put(`data:image/jpeg;base64,${jpeg.toString('base64')}`, base64)).status).toBe(200)
    const answer = await kazoo.call('GET', `${path}/photo`)
    expect([answer.headers.get('content-type'), answer.headers.get('content-length')]).toEqual(['image/jpeg', '6'])
    const card = await kazoo.call('GET', `${path}/vcard`)
    expect(card.text).toContain(`PHOTO;ENCODING=B;TYPE=JPEG:${jpeg.toString('base64')}\n`)
    await put(Buffer.alloc(256 * 1024 + 1, jpeg), { 'content-type': 'image/jpeg' })
    expect((await kazoo.call('GET', `${path}/vcard`)).text).not.toContain('PHOTO')
    expect((await put('no base64!', base64)).status).toBe(400)
    expect((await put('', bytesType)).status).toBe(400)
  })

  it('is taken, however many come at once', async () => {
    const photos = Array.from({ length: 10 }, () => put(Buffer.alloc(2_000_000), bytesType))
    expect(new Set((await Promise.all(photos)).map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('that is a page is given back as a file, and not shown as a page', async () => {
    const page = '<script>alert(1)</script>'
    expect((await put(page, { 'content-type': 'text/html; charset=utf-8' })).status).toBe(200)
    const answer = await kazoo.call('GET', `${path}/photo`)
    expect([answer.text, answer.headers.get('content-type')]).toEqual([page, 'text/html'])
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=photo')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('that comes again under its key is another request if it is another photo', async () => {
    const own = await kazoo.user(account)
    const headers = { ...bytesType, 'idempotency-key': randomUUID() }
    const send = (bytes: string) => raw('POST', `${own}/photo`, bytes, headers)
    expect([(await send('one')).status, (await send('one')).status, (await send('two')).status]).toEqual([
      200, 200, 422,
    ])
    expect((await kazoo.call('GET', `${own}/photo`)).text).toBe('one')
  })

  it('that comes again under its key is another request if its headers make another photo of it', async () => {
    const own = await kazoo.user(account)
    const key = randomUUID()
    const send = (headers: Record<string, string>) =>
      raw('POST', `${own}/photo`, 'aGVsbG8=', { 'idempotency-key': key, ...headers })
    const png = { 'content-type': 'image/png' }
    for (const replayed of ['false', 'true']) {
      const { status, headers } = await send(png)
      expect([status, headers.get('idempotency-replayed')]).toEqual([200, replayed])
    }
    expect((await send({ 'content-type': 'image/jpeg' })).status).toBe(422)
    expect((await send({ ...png, 'content-transfer-encoding': 'base64' })).status).toBe(422)
    const kept = await kazoo.call('GET', `${own}/photo`)
    expect([kept.text, kept.headers.get('content-type')]).toEqual(['aGVsbG8=', 'image/png'])
  })

  it('is of a type that is one', async () => {
    for (const type of ['application/json', 'application/x-php', 'video/mp4']) {
      expect((await put('{}', { 'content-type': type })).status, type).toBe(415)
    }
  })

  it('goes with its user, and nobody else has it', async () => {
    const own = await kazoo.user(account)
    await raw('POST', `${own}/photo`, 'x', bytesType)
    const viewer = await kazoo.kitter.token('kitter-viewer')
    expect((await kazoo.call('GET', `${own}/photo`, { token: viewer })).status).toBe(200)
    expect((await kazoo.call('DELETE', `${own}/photo`, { token: viewer })).status).toBe(403)
    await kazoo.call('DELETE', own)
    expect((await kazoo.call('GET', `${own}/photo`)).status).toBe(404)
    expect((await raw('POST', `${own}/photo`, 'x', bytesType)).status).toBe(404)
  })
})
