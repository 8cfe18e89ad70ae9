import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { answersIn, exchange } from '../errors/wire-client.fixture.ts'
import { json, KazooClient, nobody, type TestAccount, uuidIn } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start({ KAZOO_USER_AUTH: 'on' }))
  account = await kazoo.account()
})
afterAll(() => resources.disposeAsync())

const bytes = { 'content-type': 'application/octet-stream' }

describe('A body whose data is wrong', () => {
  it('changes nothing of what is said where no data is needed', async () => {
    for (const data of ['null', '5', '"x"']) {
      const raw = `{"data":${data},"auth_token":"${kazoo.kitter.adminToken}"}`
      const options = { token: null, raw, headers: json }
      const missing = await kazoo.call('DELETE', `${account.users}/${nobody}`, options)
      expect([missing.status, missing.body.message]).toEqual([404, 'bad_identifier'])
      const path = await kazoo.user(account)
      expect((await kazoo.call('DELETE', path, { ...options, headers: { ...json, 'if-match': '"x"' } })).status).toBe(
        412,
      )
      expect((await kazoo.call('DELETE', path, options)).status).toBe(200)
    }
  })

  it('lets the audit trail hear of what was refused', async () => {
    const path = await kazoo.user(account)
    const token = await kazoo.kitter.token('kitter-viewer')
    await kazoo.call('DELETE', path, { token, raw: '{"data":null}', headers: json })
    expect(await kazoo.toldOf(path)).toEqual(['user.create done', 'user.delete refused'])
  })

  it('has its verb nevertheless', async () => {
    const path = await kazoo.user(account)
    const answer = await kazoo.call('POST', path, { raw: '{"data":null,"verb":"DELETE"}', headers: json })
    expect(answer.status).toBe(200)
    expect((await kazoo.call('GET', path)).status).toBe(404)
  })
})

describe('Clients that can only POST', () => {
  it.each([
    ['its verb in the body', '', '{"verb":"delete"}', json],
    ['its verb in the query, and no type', '?verb=DELETE', '', {}],
    ['its verb in the query, and JSON', '?verb=DELETE', '{"data":{}}', json],
    ['its verb in the query, and bytes', '?verb=DELETE', 'bytes', bytes],
    ['its verb in the query, and a type of no photo', '?verb=DELETE', 'text', { 'content-type': 'text/plain' }],
  ])('remove a photo with %s', async (_, query, raw, headers) => {
    const path = await kazoo.user(account)
    await kazoo.call('POST', `${path}/photo`, { raw: 'photo', headers: bytes })
    const answer = await kazoo.call('POST', `${path}/photo${query}`, { raw, headers })
    expect([answer.status, answer.body?.data]).toEqual([200, {}])
    expect((await kazoo.call('GET', `${path}/photo`)).status).toBe(404)
    expect(await kazoo.toldOf(path)).toEqual(['user.create done', 'kazoo.photo.put done', 'kazoo.photo.delete done'])
  })

  it('have the audit trail told what they did with a photo, and nothing of its user besides', async () => {
    const path = await kazoo.user(account)
    await kazoo.call('POST', `${path}/photo`, { raw: 'photo', headers: bytes })
    await kazoo.call('POST', `${path}/photo?verb=DELETE`)
    const { entries } = await kazoo.audited(uuidIn(path))
    expect(entries.map(({ action, after }) => [action, after]).slice(0, 2)).toEqual([
      ['kazoo.photo.delete', undefined],
      ['kazoo.photo.put', undefined],
    ])
  })

  it('put no photo with JSON, or without a type', async () => {
    const path = await kazoo.user(account)
    for (const [raw, headers] of [
      ['{}', json],
      ['{', json],
      ['{"verb":"POST"}', json],
      ['', {}],
      ['x', {}],
    ] as const)
      expect((await kazoo.call('POST', `${path}/photo`, { raw, headers })).status, raw).toBe(415)
  })

  it('are told of by what they did', async () => {
    const path = await kazoo.user(account)
    const token = await kazoo.kitter.token('kitter-viewer')
    await kazoo.call('POST', `${path}?verb=DELETE`, { token })
    expect(await kazoo.toldOf(path)).toEqual(['user.create done', 'user.delete refused'])
  })
})

describe('A request that comes again under its key', () => {
  const told = ({ status, body }: Answer): unknown => [status, body && { ...body, request_id: '', timestamp: '' }]

  it('is refused again as it was the first time', async () => {
    const headers = { ...bytes, 'idempotency-key': randomUUID() }
    const send = (): Promise<Answer> => kazoo.call('POST', `${account.users}/${nobody}/photo`, { raw: 'x', headers })
    const [first, again] = [await send(), await send()]
    expect(first.body.data).toEqual({ message: 'bad identifier', cause: nobody })
    expect(told(again)).toEqual(told(first))
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  it('is done with the revision that is there, after it was refused with another one', async () => {
    const path = await kazoo.user(account)
    const key = randomUUID()
    const send = (revision: string): Promise<Answer> => {
      const headers = { 'idempotency-key': key, 'if-match': revision }
      return kazoo.send('POST', path, { first_name: 'A', last_name: 'B' }, { headers })
    }
    for (const answer of [await send('"old"'), await send('"old"')])
      expect([answer.status, answer.text]).toEqual([412, ''])
    const etag = (await kazoo.call('GET', path)).headers.get('etag') ?? ''
    const [first, again] = [await send(etag), await send(etag)]
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true'])
    expect(again.body.revision).toBe(first.body.revision)
    expect((await send('"other"')).status).toBe(422)
  })

  it('is the same with another token, wherever that stands', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const data = { first_name: 'Once', last_name: 'Only' }
    const [first, again] = [
      await kazoo.call('PUT', account.users, {
        token: null,
        headers,
        body: { data, auth_token: kazoo.kitter.adminToken },
      }),
      await kazoo.call('PUT', account.users, { headers, body: { data, AUTH_TOKEN: 'expired' } }),
    ]
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body.data).toEqual(first.body.data)
    const other = await kazoo.call('PUT', account.users, { headers, body: { data: { ...data, auth_token: 'x' } } })
    expect(other.status).toBe(422)
  })
})

it('No cache keeps an answer', async () => {
  const path = await kazoo.user(account)
  await kazoo.call('POST', `${path}/photo`, { raw: 'x', headers: bytes })
  const etag = (await kazoo.call('GET', path)).headers.get('etag') ?? ''
  for (const answer of [
    await kazoo.call('GET', path),
    await kazoo.call('GET', path, { headers: { 'if-none-match': etag } }),
    await kazoo.call('GET', account.users),
    await kazoo.call('GET', `${path}/photo`),
    await kazoo.call('GET', `${path}/vcard`),
    await kazoo.call('GET', `${account.users}/${nobody}`),
    await kazoo.call('GET', path, { token: null }),
    await kazoo.call('GET', '/v2/nothing'),
  ])
    expect(answer.headers.get('cache-control'), String(answer.status)).toBe('no-store')
})

describe('A path', () => {
  const asked = async (lines: readonly string[], body: string): Promise<Answer | undefined> => {
    const head = [...lines, 'host: kitter', 'connection: close', `content-length: ${body.length}`]
    const [answer] = answersIn(await exchange(kazoo.kitter.url, `${head.join('\r\n')}\r\n\r\n${body}`))
    return answer
  }
  const token = (): string => `x-auth-token: ${kazoo.kitter.adminToken}`

  it('may come with what stands before it, as to a proxy', async () => {
    const path = await kazoo.user(account)
    const read = await asked([`GET http://elsewhere${path} HTTP/1.1`, token()], '')
    expect([read?.status, read?.body]).toMatchObject([200, { status: 'success' }])
    const unsigned = await asked([`GET http://elsewhere${path} HTTP/1.1`], '')
    expect([unsigned?.status, unsigned?.body]).toMatchObject([401, { status: 'error' }])
    const unknown = await asked([`DELETE http://elsewhere${account.users} HTTP/1.1`], '')
    expect([unknown?.status, unknown?.body]).toMatchObject([405, { status: 'error' }])
    const signIn = await asked(['POST http://elsewhere/v2/user_auth HTTP/1.1', 'content-type: application/json'], '{}')
    expect([signIn?.status, signIn?.body]).toMatchObject([405, { status: 'error' }])
    const data = '{"data":{"first_name":"A","last_name":"B"}}'
    const lines = [`PUT http://elsewhere${account.users} HTTP/1.1`, token(), 'content-type: application/json']
    const made = await asked(lines, data)
    expect(made?.headers.get('location')).toBe(`${account.users}/${String(made?.body.data.id)}`)
  })

  it('may end with a slash', async () => {
    const path = await kazoo.user(account)
    expect((await kazoo.call('GET', `${account.users}/`)).body).toMatchObject({ data: expect.any(Array) as unknown[] })
    expect((await kazoo.call('GET', `${account.users}/?page_size=1`)).body).toMatchObject({ page_size: 1 })
    expect((await kazoo.call('GET', `${path}/`)).body).toMatchObject({ status: 'success' })
    const data = { first_name: 'A', last_name: 'B' }
    expect((await kazoo.send('POST', `${account.users}/`, data)).status).toBe(405)
    expect((await kazoo.send('PUT', `${account.users}/`, data)).headers.get('location')).toMatch(
      new RegExp(`^${account.users}/\\w{32}$`),
    )
    expect((await kazoo.kitter.call('GET', '/users/')).status).toBe(404)
  })

  it('where there is no such method says which there are', async () => {
    const path = await kazoo.user(account)
    for (const [method, at, allowed] of [
      ['POST', account.users, 'GET, HEAD, OPTIONS, PUT'],
      ['DELETE', `${account.users}/`, 'GET, HEAD, OPTIONS, PUT'],
      ['PUT', path, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST'],
      ['PUT', `${path}/photo`, 'DELETE, GET, HEAD, OPTIONS, POST'],
      ['HEAD', `${path}/quickcall/1`, 'GET, OPTIONS'],
      ['POST', '/v2/user_auth', 'OPTIONS, PUT'],
    ] as const)
      expect((await kazoo.call(method, at, { token: null })).headers.get('allow'), at).toBe(allowed)
  })

  it('lets pages of other origins read what kitter adds', async () => {
    const { headers } = await kazoo.call('GET', account.users)
    const exposed = headers.get('access-control-expose-headers') ?? ''
    for (const name of ['ETag', 'Retry-After', 'Idempotency-Replayed', 'X-Request-ID'])
      expect(exposed.split(', ')).toContain(name)
  })
})

it('The revision of a user is no ETag of their photo', async () => {
  const path = await kazoo.user(account)
  const etag = (await kazoo.call('GET', path)).headers.get('etag') ?? ''
  for (const answer of [
    await kazoo.call('POST', `${path}/photo`, { raw: 'x', headers: bytes }),
    await kazoo.call('DELETE', `${path}/photo`),
  ]) {
    expect(answer.headers.has('etag')).toBe(false)
    expect(`"${String(answer.body.revision)}"`).toBe(etag)
  }
})

describe('A new address', () => {
  it('is not verified any longer, whoever gives it, and one that stays is', async () => {
    const email = `${randomUUID()}@example.com`
    const native = await kazoo.kitter.createUser(`n${randomUUID()}`, {
      first_name: 'Native',
      last_name: 'User',
      email,
      email_verified: true,
      attributes: { domain: account.domain },
    })
    const path = `${account.users}/${native.id.replaceAll('-', '')}`
    const isVerified = async (): Promise<unknown> =>
      (await kazoo.kitter.call('GET', `/users/${native.id}`)).body.user.email_verified
    await kazoo.send('PATCH', path, { timezone: 'UTC', email: email.toUpperCase() })
    expect(await isVerified()).toBe(true)
    expect((await kazoo.send('PATCH', path, { email: `new-${email}` })).status).toBe(200)
    expect(await isVerified()).toBe(false)
  })
})

describe('Of their own document', () => {
  interface Signed {
    readonly path: string
    readonly token: string
  }
  const signedIn = async (): Promise<Signed> => {
    const [username, password] = [`p${randomUUID()}`, 'secret']
    const path = await kazoo.user(account, { username, password, call_restriction: { toll: { action: 'deny' } } })
    const credentials = createHash('md5').update(`${username}:${password}`).digest('hex')
    const data = { credentials, account_name: account.domain }
    const answer = await kazoo.send('PUT', '/v2/user_auth', data, { token: null })
    return { path, token: String(answer.body.auth_token) }
  }

  it('those without a role change what portals do not believe', async () => {
    const { path, token } = await signedIn()
    const change = { timezone: 'UTC', caller_id: { internal: { name: 'Me' } }, priv_level: 'user' }
    expect((await kazoo.send('PATCH', path, change, { token })).status).toBe(200)
    const document = (await kazoo.call('GET', path, { token })).body.data as object
    expect((await kazoo.send('POST', path, { ...document, language: 'es-es' }, { token })).status).toBe(200)
  })

  it.each([
    ['call_restriction', { call_restriction: { toll: { action: 'inherit' } } }],
    ['caller_id.external', { caller_id: { external: { number: '911' } } }],
    ['caller_id.emergency', { caller_id: { emergency: { number: '911' } } }],
    ['priv_level', { priv_level: 'admin' }],
    ['verified', { verified: true }],
    ['require_password_update', { require_password_update: true }],
  ])('others decide their %s, and they are told so', async (name, change) => {
    const { path, token } = await signedIn()
    const refused = await kazoo.send('PATCH', path, { timezone: 'UTC', ...change }, { token })
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { data: { message: 'forbidden', cause: [name] }, error: '403', message: 'forbidden', status: 'error' },
    ])
    expect((await kazoo.call('GET', path)).body.data).not.toHaveProperty('timezone')
    const domainAdmin = await kazoo.kitter.token('kitter-domain-admin', account.domain)
    const changed = await kazoo.send('PATCH', path, change, { token: domainAdmin })
    expect(changed.body.data).toMatchObject(change)
    const told = (await kazoo.toldOf(path)).filter((each) => each.startsWith('user.update'))
    expect(told).toEqual(['user.update refused', 'user.update done'])
  })
})
