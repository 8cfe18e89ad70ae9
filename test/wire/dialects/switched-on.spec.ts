import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { TestKitter } from '../../support/test-kitter.ts'
import { expectRefusal, nothingThere } from '../errors/refusal.fixture.ts'
import { WireClient } from '../errors/wire-client.fixture.ts'

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

async function started(settings: Readonly<Record<string, string>>) {
  const kitter = resources.use(await TestKitter.start(settings))
  const client = resources.use(new WireClient(kitter))
  const { id } = await kitter.createDomain('kazoo.example')
  await kitter.createUser('seen', { attributes: { domain: 'kazoo.example' } })
  const call = (path: string, token: string | null = kitter.adminToken): Promise<Answer> =>
    client.call('GET', path, { token: null, headers: token === null ? {} : { 'x-auth-token': token } })
  return { kitter, client, call, path: `/v2/accounts/00000000${id}/users` }
}

describe('A dialect that is switched on', () => {
  let on: Awaited<ReturnType<typeof started>>
  beforeAll(async () => {
    on = await started({ DIALECTS: 'kazoo' })
  })

  it('answers in its own words, with a token of the realm', async () => {
    const answer = await on.call(on.path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.body).toMatchObject({
      status: 'success',
      data: [{ username: 'seen' }],
      auth_token: on.kitter.adminToken,
      request_id: answer.headers.get('x-request-id'),
    })
  })

  it('refuses in its own words', async () => {
    const refused = await on.call(on.path, null)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('content-type')).toBe('application/json')
    expect(refused.headers.get('www-authenticate')).toBeNull()
    expect(refused.body).toMatchObject({ status: 'error', error: '401', message: 'invalid_credentials' })
    expect(refused.body.request_id).toBe(refused.headers.get('x-request-id'))
  })

  it('has a document and a page of its own, and nothing in that of kitter', async () => {
    const own = await on.call('/docs/kazoo/openapi.json', null)
    expect(Object.keys(own.body.paths)).toContain('/v2/accounts/{account}/users')
    expect(Object.keys(own.body.paths).filter((path) => !path.startsWith('/v2/'))).toEqual([])
    const native = await on.call('/openapi.json', null)
    expect(Object.keys(native.body.paths).filter((path) => path.startsWith('/v2'))).toEqual([])
    expect(Object.keys(native.body.paths)).toContain('/users/{id}')
    const page = await on.client.call('GET', '/docs/kazoo', { token: null })
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('kitter: Kazoo')])
    expect((await on.client.call('GET', '/docs/kazoo/swagger-ui-init.js', { token: null })).text).toContain(
      '"url": "/docs/kazoo/openapi.json"',
    )
    expect((await on.client.call('GET', '/docs', { token: null })).text).toContain('kitter API')
  })
})

describe('Behind a prefix', () => {
  it('a dialect speaks there, and only there', async () => {
    const { call, client, path, kitter } = await started({ DIALECTS: 'kazoo', HTTP_PREFIX: '/kitter' })
    expect((await call(`/kitter${path}`)).body).toMatchObject({ status: 'success', data: [{ username: 'seen' }] })
    expect((await call('/kitter/v2/nothing')).body).toMatchObject({ status: 'error', error: '404' })
    expect(kitter.url).toMatch(/\/kitter$/)
    const made = await client.call('PUT', `/kitter${path}`, { body: { data: { first_name: 'A', last_name: 'B' } } })
    expect(made.headers.get('location')).toBe(`/kitter${path}/${String(made.body.data.id)}`)
    expectRefusal(await call(path), nothingThere)
    expect((await call('/kitter/docs/kazoo/openapi.json', null)).body.paths).toHaveProperty([
      '/kitter/v2/accounts/{account}/users',
    ])
  })
})

describe('A dialect that is switched off', () => {
  it('has no routes, and no words', async () => {
    const { call, path } = await started({})
    for (const there of [path, '/v2', '/v2/nothing', '/docs/kazoo', '/docs/kazoo/openapi.json']) {
      expectRefusal(await call(there), nothingThere, there)
    }
  })
})
