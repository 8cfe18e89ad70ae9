import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Credentials, IdentityDirectory, UserSessions } from '#core/users'
import { SessionOpener } from '../sessions/session-opener.ts'
import { password, TestSandbox, type TokenAnswer } from '../test-sandbox.fixture.ts'
import { SandboxIdentityProvider } from './sandbox-identity-provider.ts'
import { sandboxRealm } from './sandbox-realm.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const refused = (sentence: string): object => ({ status: 400, error: 'invalid_grant', error_description: sentence })
const wrong = refused('Invalid user credentials')

async function claimsIn({ access_token = '' }: TokenAnswer, keys?: JWTVerifyGetKey): Promise<JWTPayload> {
  const known = keys ?? createLocalJWKSet(await sandbox.get(SandboxIdentityProvider).keys())
  const rules = { issuer: 'http://kitter.sandbox/realms/kitter', audience: 'kitter', algorithms: ['RS256'] }
  return (await jwtVerify(access_token, known, rules)).payload
}

describe('A log-in with a password', () => {
  it('gives a token that kitter can check, with what it needs to know', async () => {
    const account = await sandbox.account({ attributes: { domain: ['example.com'], phone_number: ['1'] } }, [
      'kitter-domain-admin',
    ])
    const answer = await sandbox.logIn(account.loginName)
    expect(answer).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 300 })
    const claims = await claimsIn(answer)
    expect(claims).toMatchObject({
      sub: account.id,
      preferred_username: account.loginName,
      realm_access: { roles: ['kitter-domain-admin'] },
      domain: 'example.com',
      client_id: 'kitter-cli',
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300)
    expect(claims).not.toHaveProperty('phone_number')
  })

  it('gives a token without a domain to an account without one', async () => {
    const claims = await claimsIn(await sandbox.logIn((await sandbox.account()).loginName))
    expect(claims).toMatchObject({ realm_access: { roles: [] } })
    expect(claims).not.toHaveProperty('domain')
  })

  it('signs with a key that the realm publishes', async () => {
    const answer = await sandbox.logIn((await sandbox.account()).loginName)
    const keys = createRemoteJWKSet(new URL(`${sandbox.url}/realms/kitter/protocol/openid-connect/certs`))
    expect(await claimsIn(answer, keys)).toHaveProperty('sub')
    expect(decodeProtectedHeader(answer.access_token ?? '')).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
  })

  it('takes the name in any case', async () => {
    const { loginName } = await sandbox.account()
    expect(await sandbox.logIn(loginName.toUpperCase())).toMatchObject({ status: 200 })
  })

  it('answers a wrong password and an unknown name alike', async () => {
    const { loginName } = await sandbox.account()
    expect(await sandbox.logIn(loginName, { password: 'wrong' })).toEqual(wrong)
    expect(await sandbox.logIn('nobody')).toEqual(wrong)
    expect(await sandbox.logIn('%')).toEqual(wrong)
    expect(await sandbox.logIn(`${loginName}\0`)).toEqual(wrong)
    expect(await sandbox.logIn(loginName, { password: `${password}\0` })).toEqual(wrong)
  })

  it('takes no email for a name', async () => {
    const { email = '' } = await sandbox.account({ email: `${crypto.randomUUID()}@example.com` })
    expect(await sandbox.logIn(email)).toEqual(wrong)
  })

  it('tells that an account is disabled to those only who know its password', async () => {
    const { loginName } = await sandbox.account({ enabled: false })
    expect(await sandbox.logIn(loginName)).toEqual(refused('Account disabled'))
    expect(await sandbox.logIn(loginName, { password: 'wrong' })).toEqual(wrong)
  })

  it('takes no temporary password', async () => {
    const { id, loginName } = await sandbox.account()
    await sandbox.get(Credentials).setPassword(id, { value: password, temporary: true })
    expect(await sandbox.logIn(loginName)).toEqual(refused('Account is not fully set up'))
    expect(await sandbox.logIn(loginName, { password: 'wrong' })).toEqual(wrong)
  })

  it('asks for a name and a password, once each', async () => {
    const missing = { status: 400, error: 'invalid_request' }
    expect(await sandbox.ask({ grant_type: 'password', username: 'a' })).toMatchObject(missing)
    expect(await sandbox.ask({ grant_type: 'password', password: 'a' })).toMatchObject(missing)
    expect(await sandbox.ask({ grant_type: 'password', username: '', password: '' })).toMatchObject(missing)
    const twice = await sandbox.fetch(sandboxRealm.tokenPath, {
      method: 'POST',
      body: 'client_id=kitter-cli&grant_type=password&username=a&username=b&password=c',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(twice.status).toBe(400)
  })

  it('is for the client kitter-cli, without a secret', async () => {
    const { loginName } = await sandbox.account()
    expect(await sandbox.logIn(loginName, { client_id: 'other' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
    expect(await sandbox.logIn(loginName, { client_id: '' })).toMatchObject({ status: 400, error: 'invalid_request' })
    const basic = { authorization: `Basic ${btoa('kitter-cli:secret')}` }
    expect(await sandbox.ask({ grant_type: 'password', username: loginName, password }, basic)).toMatchObject({
      status: 401,
    })
  })

  it('opens no session for a password that was changed meanwhile, nor for somebody disabled meanwhile', async () => {
    const { id } = await sandbox.account()
    const [{ hash } = { hash: '' }] = await sandbox.rows<{ hash: string }>(
      'SELECT password_hash AS hash FROM sandbox.accounts WHERE id = $1',
      id,
    )
    const open = () =>
      sandbox.get(SessionOpener).open({ accountId: id, passwordHash: hash, offline: false, lifetimeSeconds: 60 })
    expect(await open()).toEqual(expect.any(String))
    await sandbox.get(IdentityDirectory).update(id, { enabled: false })
    expect(await open()).toBeUndefined()
    await sandbox.get(IdentityDirectory).update(id, { enabled: true })
    await sandbox.get(Credentials).setPassword(id, { value: 'another', temporary: false })
    expect(await open()).toBeUndefined()
  })

  it('leaves no live session when passwords change while people log in', async () => {
    const { id, loginName } = await sandbox.account()
    const logIns = Array.from({ length: 6 }, () => sandbox.logIn(loginName))
    await sandbox.get(Credentials).setPassword(id, { value: 'another', temporary: false })
    await sandbox.get(UserSessions).end(id)
    for (const answer of await Promise.all(logIns)) {
      if (answer.status === 200) expect(await sandbox.refresh(answer)).toMatchObject({ status: 400 })
    }
  })
})

describe('A refresh', () => {
  const gone = { status: 400, error: 'invalid_grant' }

  it('gives new access tokens as long as the session lives', async () => {
    const account = await sandbox.account({}, ['kitter-viewer'])
    const first = await sandbox.logIn(account.loginName)
    const second = await sandbox.refresh(first)
    expect(second).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 300 })
    const claims = await claimsIn(second)
    expect(claims).toMatchObject({
      sub: account.id,
      preferred_username: account.loginName,
      realm_access: { roles: ['kitter-viewer'] },
    })
    expect(claims.jti).not.toBe((await claimsIn(first)).jti)
    for (const answer of [first, second]) expect(await sandbox.refresh(answer)).toMatchObject({ status: 200 })
  })

  it('bears being asked several times at once', async () => {
    const answer = await sandbox.logIn((await sandbox.account()).loginName)
    const refreshed = await Promise.all(Array.from({ length: 5 }, () => sandbox.refresh(answer)))
    expect(refreshed.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  it('shows what the account has become', async () => {
    const { id, loginName } = await sandbox.account({ attributes: { domain: ['before'] } })
    const answer = await sandbox.logIn(loginName)
    await sandbox.get(IdentityDirectory).update(id, { attributes: { domain: ['after'] } })
    expect(await claimsIn(await sandbox.refresh(answer))).toMatchObject({ domain: 'after' })
  })

  it.each(['', 'offline_access'])('is refused after the session has ended (scope "%s")', async (scope) => {
    const { id, loginName } = await sandbox.account()
    const answer = await sandbox.logIn(loginName, { scope })
    expect(await sandbox.refresh(answer)).toMatchObject({ status: 200 })
    await sandbox.get(UserSessions).end(id)
    expect(await sandbox.refresh(answer)).toMatchObject(gone)
  })

  it('is refused while the account is disabled', async () => {
    const { id, loginName } = await sandbox.account()
    const answer = await sandbox.logIn(loginName)
    await sandbox.get(IdentityDirectory).update(id, { enabled: false })
    expect(await sandbox.refresh(answer)).toMatchObject(gone)
  })

  it('is refused after the account was deleted', async () => {
    const { id, loginName } = await sandbox.account()
    const answer = await sandbox.logIn(loginName, { scope: 'offline_access' })
    await sandbox.get(IdentityDirectory).remove(id)
    expect(await sandbox.refresh(answer)).toMatchObject(gone)
    expect(await sandbox.rows('SELECT FROM sandbox.sessions WHERE account_id = $1', id)).toEqual([])
  })

  it('survives a changed password until the sessions are ended, as in Keycloak', async () => {
    const { id, loginName } = await sandbox.account()
    const answer = await sandbox.logIn(loginName)
    await sandbox.get(Credentials).setPassword(id, { value: 'another', temporary: false })
    expect(await sandbox.refresh(answer)).toMatchObject({ status: 200 })
    await sandbox.get(UserSessions).end(id)
    expect(await sandbox.refresh(answer)).toMatchObject(gone)
  })

  it('is refused for what is no refresh token', async () => {
    const { loginName } = await sandbox.account()
    const { access_token = '' } = await sandbox.logIn(loginName)
    for (const refresh_token of ['nonsense', access_token]) {
      expect(await sandbox.refresh({ status: 200, refresh_token })).toMatchObject(gone)
    }
    expect(await sandbox.ask({ grant_type: 'refresh_token' })).toMatchObject({ status: 400, error: 'invalid_request' })
  })

  it('keeps an offline session for longer, and says so', async () => {
    const { id, loginName } = await sandbox.account()
    const answer = await sandbox.logIn(loginName, { scope: 'openid offline_access profile' })
    expect(answer.scope).toBe('offline_access')
    expect((await sandbox.refresh(answer)).scope).toBe('offline_access')
    await sandbox.logIn(loginName, { scope: 'openid' })
    const sql = `SELECT offline, round(extract(epoch FROM expires_at - started_at) / 3600)::int AS hours
      FROM sandbox.sessions WHERE account_id = $1 ORDER BY offline`
    expect(await sandbox.rows(sql, id)).toEqual([
      { offline: false, hours: 10 },
      { offline: true, hours: 720 },
    ])
  })

  it('keeps tokens for as long as their session', async () => {
    const { id, loginName } = await sandbox.account()
    for (const scope of ['', 'offline_access']) await sandbox.logIn(loginName, { scope })
    const sql = `SELECT entry.expires_at >= session.expires_at AS enough FROM sandbox.oidc_entries AS entry
      JOIN sandbox.sessions AS session ON session.id = session_id WHERE account_id = $1`
    expect(await sandbox.rows(sql, id)).toEqual(Array.from({ length: 4 }, () => ({ enough: true })))
  })

  it('keeps no refresh token in the database, only a digest', async () => {
    const { refresh_token = '' } = await sandbox.logIn((await sandbox.account()).loginName)
    expect(refresh_token.length).toBeGreaterThan(40)
    const rows = await sandbox.rows('SELECT * FROM sandbox.oidc_entries')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(refresh_token)
  })
})
