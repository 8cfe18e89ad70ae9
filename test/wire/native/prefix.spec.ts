import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer } from './refusal.fixture.ts'

const tokenPath = '/realms/kitter/protocol/openid-connect/token'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start({ HTTP_PREFIX: '/kitter', CALLER_ID_ENABLED: 'on' }))
  api = new NativeApi(kitter)
})
afterAll(() => resources.disposeAsync())

/** Past the prefix, at the root of the server. */
const outside = (path: string, method = 'GET'): Promise<Response> =>
  fetch(new URL(path, kitter.url), { method, headers: { authorization: `Bearer ${kitter.adminToken}` } })

describe('With HTTP_PREFIX=/kitter', () => {
  it('the whole API lies below it', async () => {
    expect(new URL(kitter.url).pathname).toBe('/kitter')
    const { id: domain } = await kitter.createDomain('example.com')
    const { id: user } = await kitter.createUser('bob', {
      email: 'b@example.com',
      attributes: { domain: 'example.com' },
    })

    expect((await api.listDomains()).status).toBe(200)
    expect((await api.updateDomain(domain, { enable_anonymous: true })).status).toBe(200)
    expect((await api.logOutDomain(domain)).status).toBe(200)
    expect((await api.listUsers()).status).toBe(200)
    expect((await api.findUser('example.com', 'bob')).status).toBe(200)
    expect((await api.updateUser(user, { first_name: 'Bob' })).status).toBe(200)
    expect((await api.sendResetMail(user)).status).toBe(202)
    expect((await api.logOutUser(user)).status).toBe(200)
    expect((await api.logOutRealm()).status).toBe(200)
    expect((await api.removeUser(user)).status).toBe(204)
    expect((await api.removeDomain(domain)).status).toBe(204)
    expect((await api.listEntries()).status).toBe(200)
    expect((await api.reloadEntries()).status).toBe(200)
  })

  it('so do the probes and the documentation', async () => {
    expect(await kitter.call('GET', '/health/liveness', { token: null })).toEqual(
      answer(200, { status: 'ok', details: {} }),
    )
    expect((await kitter.call('GET', '/health/readiness', { token: null })).status).toBe(200)
    expect((await kitter.call('GET', '/docs', { token: null })).text).toContain('kitter API')
    const document = await kitter.call('GET', '/openapi.json', { token: null })
    expect(document.status).toBe(200)
    expect(document.body).toHaveProperty(['paths', '/kitter/users/{domain}/{username}'])
  })

  it('so does the sandbox’s token endpoint', async () => {
    await kitter.createUser('logs-in', { credentials: { password: 'secret' } })
    const { refresh_token: refreshToken } = await kitter.logIn('logs-in', 'secret')

    expect(await kitter.refresh(refreshToken)).toHaveProperty('access_token')
    expect((await new NativeApi(kitter, await kitter.token('kitter-viewer')).listUsers()).status).toBe(200)
  })

  it('nothing of it is found without the prefix, or with two', async () => {
    const paths = ['/domains', '/users', '/callerIdManager', '/health/liveness', '/health/readiness', '/openapi.json']
    for (const path of [...paths, ...paths.map((path) => `/kitter/kitter${path}`), '/docs', '/']) {
      const response = await outside(path)
      expect(response.status, path).toBe(404)
      expect(await response.json()).toEqual({
        error: 'There is nothing at this path.',
        code: 'route.unknown',
        request_id: response.headers.get('x-request-id'),
      })
    }
    expect((await outside(tokenPath, 'POST')).status).toBe(404)
    expect((await outside('/users/logout', 'POST')).status).toBe(404)
  })

  it('only the metrics lie outside', async () => {
    const metrics = await outside('/metrics')

    expect(metrics.status).toBe(200)
    expect(await metrics.text()).toContain('# HELP')
    expect((await kitter.call('GET', '/metrics')).status).toBe(404)
  })
})
