import type { LoggerService } from '@nestjs/common'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserSessions } from '#core/users'
import { createTestDatabase } from '../../../../test/support/test-database.ts'
import { password, TestSandbox } from '../test-sandbox.fixture.ts'
import { SandboxIdentityProvider } from './sandbox-identity-provider.ts'
import { sandboxRealm } from './sandbox-realm.ts'

const { tokenPath, keysPath, discoveryPath } = sandboxRealm

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

class Recorder implements LoggerService {
  readonly lines: string[] = []
  log = (...said: unknown[]): void => void this.lines.push(JSON.stringify(said))
  warn = this.log
  error = this.log
}

async function discovered(
  at: TestSandbox,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const response = await at.fetch(discoveryPath, { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown>
}

describe("The sandbox's realm", () => {
  it('says what it serves, and where', async () => {
    const document = await discovered(sandbox)
    const at = `${sandbox.url}/realms/kitter`
    expect(document).toMatchObject({
      issuer: 'http://kitter.sandbox/realms/kitter',
      token_endpoint: `${at}/protocol/openid-connect/token`,
      jwks_uri: `${at}/protocol/openid-connect/certs`,
      token_endpoint_auth_methods_supported: ['none'],
    })
    const grants = ['refresh_token', 'password', 'urn:ietf:params:oauth:grant-type:token-exchange']
    expect(document['grant_types_supported']).toEqual(grants)
    const endpoints = Object.keys(document).filter((key) => /_(endpoint|uri)$/.test(key))
    expect(endpoints.sort()).toEqual(['jwks_uri', 'token_endpoint'])
  })

  it('publishes the public half of its key only', async () => {
    const published: unknown = await (await sandbox.fetch(keysPath)).json()
    const { keys } = await sandbox.get(SandboxIdentityProvider).keys()
    expect(published).toEqual({ keys })
    expect(keys).toMatchObject([{ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' }])
    expect(keys.flatMap(Object.keys).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  it('lies behind a prefix', async () => {
    await using prefixed = await TestSandbox.start({ prefix: '/kitter' })
    const { loginName } = await prefixed.account()
    expect(await prefixed.logIn(loginName)).toMatchObject({ status: 200 })
    expect(await discovered(prefixed)).toMatchObject({ token_endpoint: `${prefixed.url}/realms/kitter${tokenPath}` })
    expect(new URL(prefixed.url).pathname).toBe('/kitter')
  })

  it('believes a proxy only if told to', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'kitter.example.com' }
    expect(await discovered(sandbox, forwarded)).toMatchObject({ jwks_uri: `${sandbox.url}/realms/kitter${keysPath}` })
    await using behind = await TestSandbox.start({ trustProxy: true })
    const jwks_uri = `https://kitter.example.com/realms/kitter${keysPath}`
    expect(await discovered(behind, forwarded)).toMatchObject({ jwks_uri })
  })

  it('leaves everything else to the service', async () => {
    const paths = [
      ['GET', tokenPath],
      ['POST', keysPath],
      ['GET', '/protocol/openid-connect/auth'],
      ['GET', '/auth?client_id=kitter-cli&response_type=code&scope=openid'],
      ['GET', '/me'],
      ['GET', '/protocol/openid-connect/userinfo'],
      ['GET', '/interaction/x'],
      ['POST', '/token/introspection'],
      ['POST', '/token/revocation'],
      ['POST', '/request'],
      ['GET', '/session/end'],
      ['POST', '/session/end/confirm'],
      ['POST', tokenPath.toUpperCase()],
      ['GET', ''],
    ] as const
    for (const [method, path] of paths) {
      const response = await sandbox.fetch(path, { method })
      expect([response.status, await response.json()], path).toEqual([
        404,
        expect.objectContaining({ error: 'Not Found' }),
      ])
    }
  })

  it('answers in JSON, whatever is preferred, with the id of the request', async () => {
    const response = await sandbox.fetch(tokenPath, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'kitter-cli', grant_type: 'password' }),
      headers: { accept: 'text/html' },
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).toMatch(/./)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('refuses what it does not understand', async () => {
    expect(await sandbox.ask({})).toMatchObject({ status: 400, error: 'invalid_request' })
    expect(await sandbox.ask({ grant_type: 'client_credentials' })).toMatchObject({
      status: 400,
      error: 'unsupported_grant_type',
    })
    const json = { method: 'POST', body: '{"grant_type":"password"}', headers: { 'content-type': 'application/json' } }
    expect((await sandbox.fetch(tokenPath, json)).status).toBe(400)
    const large = { method: 'POST', body: new URLSearchParams({ client_id: 'x'.repeat(100_000) }) }
    expect((await sandbox.fetch(tokenPath, large)).status).toBe(400)
  })

  it('lets pages of the service itself log in, and no others', async () => {
    const { loginName } = await sandbox.account()
    const parameters = { grant_type: 'password', username: loginName, password }
    expect(await sandbox.ask(parameters, { origin: sandbox.url })).toMatchObject({ status: 200 })
    expect(await sandbox.ask(parameters, { origin: 'https://elsewhere.example' })).toMatchObject({ status: 400 })
  })

  it('comes with another issuer and audience, if told so', async () => {
    const issuer = 'https://id.example.com/realms/kitter'
    await using other = await TestSandbox.start({ issuer, audience: 'other' })
    const realm = other.get(SandboxIdentityProvider)
    expect(realm.issuer).toBe(issuer)
    const keys = createLocalJWKSet(await realm.keys())
    const { access_token = '' } = await other.logIn((await other.account()).loginName)
    for (const token of [access_token, await realm.adminToken()]) {
      await expect(jwtVerify(token, keys, { issuer, audience: 'other' })).resolves.toBeDefined()
    }
  })
})

describe('Several replicas', () => {
  it('may start at once on an empty database, and share keys and sessions', async () => {
    const database = await createTestDatabase()
    const starting = Array.from({ length: 4 }, () => TestSandbox.start({ databaseUrl: database.url }))
    const replicas = await Promise.all(starting)
    const [first, second] = replicas
    if (first === undefined || second === undefined) throw new Error('no replicas')
    const sets = await Promise.all(replicas.map((replica) => replica.get(SandboxIdentityProvider).keys()))
    for (const keys of sets) expect(keys).toEqual(sets[0])

    const { id, loginName } = await first.account()
    const answer = await second.logIn(loginName)
    expect(await first.refresh(answer)).toMatchObject({ status: 200 })
    const subject_token = await first.get(SandboxIdentityProvider).adminToken()
    expect(await second.exchange({ subject_token, role: 'kitter-viewer' })).toMatchObject({ status: 200 })
    expect(await first.get(UserSessions).end(id)).toBe(1)
    expect(await second.refresh(answer)).toMatchObject({ status: 400, error: 'invalid_grant' })

    await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()))
    await database.drop()
  })
})

describe('A restart', () => {
  it('keeps accounts, tokens and sessions, also on another port', async () => {
    const database = await createTestDatabase()
    const before = await TestSandbox.start({ databaseUrl: database.url })
    const { loginName } = await before.account()
    const answer = await before.logIn(loginName)
    const subject_token = await before.get(SandboxIdentityProvider).adminToken()
    await before[Symbol.asyncDispose]()

    const after = await TestSandbox.start({ databaseUrl: database.url })
    expect(await after.refresh(answer)).toMatchObject({ status: 200 })
    expect(await after.logIn(loginName)).toMatchObject({ status: 200 })
    expect(await after.exchange({ subject_token, role: 'kitter-viewer' })).toMatchObject({ status: 200 })
    await after[Symbol.asyncDispose]()
    await database.drop()
  })
})

describe('The log', () => {
  it('is told of a failure, and no secret', async () => {
    const logger = new Recorder()
    await using broken = await TestSandbox.start({ logger })
    const { loginName } = await broken.account()
    const answer = await broken.logIn(loginName)
    await broken.rows('ALTER TABLE sandbox.oidc_entries RENAME TO elsewhere')
    const failed = { status: 500, error: 'server_error' }
    expect(await broken.logIn(loginName)).toMatchObject(failed)
    expect(await broken.refresh(answer)).toMatchObject(failed)
    const said = logger.lines.join('\n')
    expect(said).toContain("The sandbox's token endpoint failed")
    for (const secret of [password, answer.refresh_token, answer.access_token, '$argon2id'])
      expect(said).not.toContain(secret)
  })
})
