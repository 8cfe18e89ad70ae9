import { createPublicKey } from 'node:crypto'
import { createLocalJWKSet, generateKeyPair, type JWTPayload, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '#kernel'
import { IdentityDirectory } from '#core/users'
import { SandboxAdministrators } from '../accounts/sandbox-administrators.ts'
import { TestSandbox, type TokenAnswer } from '../test-sandbox.fixture.ts'
import { SandboxIdentityProvider } from './sandbox-identity-provider.ts'
import { SigningKeys } from './signing-keys.ts'

let sandbox: TestSandbox
let realm: SandboxIdentityProvider
let adminToken: string
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  realm = sandbox.get(SandboxIdentityProvider)
  adminToken = await realm.adminToken()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const invalid = { status: 400, error: 'invalid_request' }
const issuer = 'http://kitter.sandbox/realms/kitter'

async function claimsIn(token: string): Promise<JWTPayload> {
  const keys = createLocalJWKSet(await realm.keys())
  return (await jwtVerify(token, keys, { issuer, audience: 'kitter' })).payload
}

function lifetimeOf({ exp = 0, iat = 0 }: JWTPayload): number {
  return exp - iat
}

async function tokenOf(roles: readonly Role[]): Promise<{ readonly id: string; readonly token: string }> {
  const { id, loginName } = await sandbox.account({}, roles)
  return { id, token: (await sandbox.logIn(loginName)).access_token ?? '' }
}

/** A token as the sandbox would make it, but for what the test wants to be otherwise. */
function forged(claims: JWTPayload = {}): SignJWT {
  return new SignJWT({ realm_access: { roles: ['kitter-admin'] }, ...claims })
    .setSubject('sandbox:kitter-admin')
    .setIssuer(issuer)
    .setAudience('kitter')
    .setIssuedAt()
    .setExpirationTime('5 minutes')
}

function asViewer(subject_token: string): Promise<TokenAnswer> {
  return sandbox.exchange({ subject_token, role: 'kitter-viewer' })
}

describe("The admin's token", () => {
  it('is a kitter-admin for a year', async () => {
    const claims = await claimsIn(adminToken)
    expect(claims).toMatchObject({
      preferred_username: 'kitter-admin',
      realm_access: { roles: ['kitter-admin'] },
      client_id: 'kitter-cli',
    })
    expect(claims).not.toHaveProperty('domain')
    expect(lifetimeOf(claims)).toBe(365 * 24 * 3600)
  })

  it('is another one every time, of the same subject', async () => {
    const again = await claimsIn(await realm.adminToken())
    const claims = await claimsIn(adminToken)
    expect(again.jti).not.toBe(claims.jti)
    expect(again.sub).toBe(claims.sub)
  })
})

describe('An exchange', () => {
  it.each(['kitter-admin', 'kitter-viewer'] as const)('gives a token with the role %s', async (role) => {
    const answer = await sandbox.exchange({ subject_token: adminToken, role })
    expect(answer).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      expires_in: 3600,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    expect(answer).not.toHaveProperty('refresh_token')
    const claims = await claimsIn(answer.access_token ?? '')
    expect(claims).toMatchObject({ preferred_username: role, realm_access: { roles: [role] } })
    expect(claims).not.toHaveProperty('domain')
    expect(lifetimeOf(claims)).toBe(3600)
  })

  it('gives a token of a domain admin, with the domain in lower case', async () => {
    const answer = await sandbox.exchange({
      subject_token: adminToken,
      role: 'kitter-domain-admin',
      domain: 'Example.COM',
    })
    const claims = await claimsIn(answer.access_token ?? '')
    expect(claims).toMatchObject({ realm_access: { roles: ['kitter-domain-admin'] }, domain: 'example.com' })
    const other = await sandbox.exchange({
      subject_token: adminToken,
      role: 'kitter-domain-admin',
      domain: 'example.org',
    })
    expect((await claimsIn(other.access_token ?? '')).sub).not.toBe(claims.sub)
  })

  it('gives it the lifetime that is asked for', async () => {
    for (const lifetime of [60, 365 * 24 * 3600]) {
      const answer = await sandbox.exchange({
        subject_token: adminToken,
        role: 'kitter-viewer',
        lifetime: String(lifetime),
      })
      expect(answer).toMatchObject({ status: 200, expires_in: lifetime })
      expect(lifetimeOf(await claimsIn(answer.access_token ?? ''))).toBe(lifetime)
    }
  })

  it.each(['0', '-1', '1.5', '31536001', '1e3', 'soon', '999999999999', ' 5'])(
    'refuses the lifetime "%s"',
    async (lifetime) => {
      expect(await sandbox.exchange({ subject_token: adminToken, role: 'kitter-viewer', lifetime })).toMatchObject(
        invalid,
      )
    },
  )

  it.each([{}, { role: '' }, { role: 'admin' }, { role: 'kitter-admin kitter-viewer' }, { role: 'KITTER-ADMIN' }])(
    'refuses the role of %j',
    async (parameters) => {
      const answer = await sandbox.exchange({ subject_token: adminToken, ...parameters })
      expect(answer).toMatchObject(invalid)
      expect(answer.error_description).toBe('role must be one of kitter-admin, kitter-domain-admin, kitter-viewer')
    },
  )

  it('asks for a domain for a domain admin, and for nobody else', async () => {
    const domainAdmin = { subject_token: adminToken, role: 'kitter-domain-admin' }
    expect(await sandbox.exchange(domainAdmin)).toMatchObject(invalid)
    for (const domain of ['a b', '.example', 'exämple', 'a'.repeat(254), 'a\0']) {
      expect(await sandbox.exchange({ ...domainAdmin, domain })).toMatchObject(invalid)
    }
    for (const role of ['kitter-admin', 'kitter-viewer']) {
      expect(await sandbox.exchange({ subject_token: adminToken, role, domain: 'example.com' })).toMatchObject(invalid)
    }
  })

  it('asks for an access token, and gives no other kind', async () => {
    const type = 'urn:ietf:params:oauth:token-type:refresh_token'
    const asked = { subject_token: adminToken, role: 'kitter-viewer' }
    expect(await sandbox.exchange({ ...asked, subject_token_type: type })).toMatchObject(invalid)
    expect(await sandbox.exchange({ ...asked, subject_token_type: '' })).toMatchObject(invalid)
    expect(await sandbox.exchange({ ...asked, requested_token_type: type })).toMatchObject(invalid)
    expect(await sandbox.exchange({ role: 'kitter-viewer' })).toMatchObject(invalid)
  })
})

describe('An exchange for a subject token', () => {
  it('is for administrators, also those who logged in', async () => {
    expect(await asViewer((await tokenOf(['kitter-admin'])).token)).toMatchObject({ status: 200 })
    for (const roles of [[], ['kitter-viewer'], ['kitter-domain-admin']] as const) {
      expect(await asViewer((await tokenOf(roles)).token)).toMatchObject(invalid)
    }
    const viewer = await sandbox.exchange({ subject_token: adminToken, role: 'kitter-viewer' })
    expect(await asViewer(viewer.access_token ?? '')).toMatchObject(invalid)
  })

  it('is refused to administrators who no longer are', async () => {
    const demoted = await tokenOf(['kitter-admin'])
    await sandbox.get(SandboxAdministrators).assign(demoted.id, ['kitter-viewer'])
    const disabled = await tokenOf(['kitter-admin'])
    await sandbox.get(IdentityDirectory).update(disabled.id, { enabled: false })
    const deleted = await tokenOf(['kitter-admin'])
    await sandbox.get(IdentityDirectory).remove(deleted.id)
    for (const { token } of [demoted, disabled, deleted]) expect(await asViewer(token)).toMatchObject(invalid)
  })

  it('takes tokens of this sandbox only', async () => {
    const { private: own } = sandbox.get(SigningKeys)
    const header = { alg: 'RS256', kid: own.kid }
    expect(await asViewer(await forged().setProtectedHeader(header).sign(own))).toMatchObject({ status: 200 })

    const { privateKey: foreign } = await generateKeyPair('RS256')
    const published = createPublicKey({ key: own, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const claims = { sub: 'sandbox:kitter-admin', realm_access: { roles: ['kitter-admin'] } }
    const tokens = {
      'signed with another key': await forged().setProtectedHeader(header).sign(foreign),
      'signed with the public key as a secret': await forged()
        .setProtectedHeader({ alg: 'HS256', kid: own.kid })
        .sign(new TextEncoder().encode(published.toString())),
      unsigned: new UnsecuredJWT(claims).setIssuer(issuer).setAudience('kitter').setExpirationTime('1h').encode(),
      expired: await forged()
        .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
        .setProtectedHeader(header)
        .sign(own),
      'without an end': await new SignJWT(claims)
        .setIssuer(issuer)
        .setAudience('kitter')
        .setProtectedHeader(header)
        .sign(own),
      'for somebody else': await forged().setAudience('account').setProtectedHeader(header).sign(own),
      'from somewhere else': await forged()
        .setIssuer('http://keycloak/realms/kitter')
        .setProtectedHeader(header)
        .sign(own),
      'cut off': adminToken.slice(0, -4),
      'no token': 'nonsense',
    }
    for (const [what, token] of Object.entries(tokens)) {
      expect(await asViewer(token), what).toMatchObject({
        ...invalid,
        error_description: 'subject_token is not a valid token of this sandbox',
      })
    }
  })
})
