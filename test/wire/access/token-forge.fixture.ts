import { createPublicKey, randomUUID } from 'node:crypto'
import { decodeJwt, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'
import pg from 'pg'
import type { TestKitter } from '../../support/test-kitter.ts'

/** `undefined` leaves a claim out. */
export type Claims = Readonly<Record<string, unknown>>

const now = (): number => Math.floor(Date.now() / 1000)

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Makes tokens as the realm does, with the realm's own key, and as the realm never would. */
export class TokenForge {
  private constructor(
    private readonly issuer: string,
    private readonly key: JWK & { readonly kid: string },
    private readonly foreign: JWK,
  ) {}

  static async of({ databaseUrl, adminToken }: TestKitter): Promise<TokenForge> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    const { rows } = await client.query<{ jwk: JWK & { kid: string } }>('SELECT jwk FROM sandbox.signing_keys')
    await client.end()
    const [first] = rows
    if (first === undefined) throw new Error('the sandbox has no key')
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    return new TokenForge(String(decodeJwt(adminToken).iss), first.jwk, await exportJWK(privateKey))
  }

  /** A right token of a kitter-admin, but for these claims. */
  token(claims: Claims = {}, header: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.signed(claims, header, this.key)
  }

  withRoles(roles: readonly string[], claims: Claims = {}): Promise<string> {
    return this.token({ realm_access: { roles }, ...claims })
  }

  domainAdmin(domain: unknown): Promise<string> {
    return this.withRoles(['kitter-domain-admin'], { domain })
  }

  /** All that kitter must not believe, with 401. */
  get invalid(): Readonly<Record<string, () => string | Promise<string>>> {
    return {
      'no token at all': () => 'nonsense',
      'three parts of nonsense': () => 'a.b.c',
      'empty parts': () => '..',
      'five parts': () => 'a.b.c.d.e',
      'a payload that is no object': () => this.unsigned({ alg: 'RS256', kid: this.key.kid }, 'text'),
      expired: () => this.token({ exp: now() - 60 }),
      'expired long ago': () => this.token({ iat: 1, exp: 2 }),
      'no expiry': () => this.token({ exp: undefined }),
      'an expiry that is text': () => this.token({ exp: String(now() + 3600) }),
      'not yet valid': () => this.token({ nbf: now() + 3600 }),
      'no subject': () => this.token({ sub: undefined }),
      'an empty subject': () => this.token({ sub: '' }),
      'a subject that is no text': () => this.token({ sub: 5 }),
      'a subject with a NUL': () => this.token({ sub: 'a\0b' }),
      'another issuer': () => this.token({ iss: 'https://evil.example/realms/kitter' }),
      'an issuer with a slash behind': () => this.token({ iss: `${this.issuer}/` }),
      'an issuer in capitals': () => this.token({ iss: this.issuer.toUpperCase() }),
      'no issuer': () => this.token({ iss: undefined }),
      'another audience': () => this.token({ aud: 'account' }),
      'other audiences': () => this.token({ aud: ['account', 'kitter2', 'Kitter'] }),
      'no audience': () => this.token({ aud: undefined }),
      'no audience but an authorized party': () => this.token({ aud: undefined, azp: 'kitter' }),
      'alg none': () => this.unsigned({ alg: 'none' }, this.claims()),
      'alg None': () => this.unsigned({ alg: 'None' }, this.claims()),
      'alg NONE, with the key id': () => this.unsigned({ alg: 'NONE', kid: this.key.kid }, this.claims()),
      'no alg': () => this.unsigned({ kid: this.key.kid }, this.claims()),
      'HS256 with the public key (PEM) as secret': () => this.hmac(this.publicPem()),
      'HS256 with the public key (JWK) as secret': () => this.hmac(JSON.stringify(this.publicKey())),
      'HS256 with the modulus as secret': () => this.hmac(Buffer.from(this.key.n ?? '', 'base64url')),
      'HS256 with an empty secret': () => this.hmac(Buffer.alloc(32)),
      'a foreign key': () => this.signed({}, {}, this.foreign),
      "a foreign key under the realm's key id": () => this.signed({}, { kid: this.key.kid }, this.foreign),
      'a foreign key that it brings along': () => {
        const { kty, n, e } = this.foreign
        return this.signed({}, { jwk: { kty, n, e } }, this.foreign)
      },
      'a foreign key that it names an address of': () => this.signed({}, { jku: 'https://evil.example' }, this.foreign),
      'an unknown key id': () => this.token({}, { kid: randomUUID() }),
      'another algorithm with the same key': () => this.token({}, { alg: 'RS512' }),
      'a critical extension': () =>
        this.unsigned({ alg: 'RS256', kid: this.key.kid, crit: ['x'], x: 1 }, this.claims()),
      'no signature': async () =>
        `${parts(await this.token())
          .slice(0, 2)
          .join('.')}.`,
      'half of its signature': async () => (await this.token()).slice(0, -100),
      "another token's signature": async () => {
        const [header, , signature] = parts(await this.withRoles(['kitter-viewer']))
        return [header, encoded(this.claims()), signature].join('.')
      },
      'another role than was signed': async () => {
        const [header, payload = '', signature] = parts(await this.withRoles(['kitter-viewer']))
        const claims = Buffer.from(payload, 'base64url').toString().replace('kitter-viewer', 'kitter-admin')
        return [header, Buffer.from(claims).toString('base64url'), signature].join('.')
      },
    }
  }

  /** Right tokens of people whom kitter knows no role of, with 403. */
  get withoutRole(): Readonly<Record<string, () => Promise<string>>> {
    return {
      'no roles claim': () => this.token({ realm_access: undefined }),
      'no roles': () => this.withRoles([]),
      'other roles': () => this.withRoles(['admin', 'offline_access', 'default-roles-kitter', 'kitter', 'kitter-']),
      'a role in capitals': () => this.withRoles(['KITTER-ADMIN']),
      'a role with a space': () => this.withRoles([' kitter-admin', 'kitter-admin ']),
      'roles that are text': () => this.token({ realm_access: { roles: 'kitter-admin' } }),
      'roles that are an object': () => this.token({ realm_access: { roles: { 'kitter-admin': true } } }),
      'roles that are nested': () => this.token({ realm_access: { roles: [['kitter-admin']] } }),
      'a list of roles in the wrong place': () => this.token({ realm_access: ['kitter-admin'] }),
      "a client's roles": () =>
        this.token({ realm_access: undefined, resource_access: { kitter: { roles: ['kitter-admin'] } } }),
      'roles elsewhere': () =>
        this.token({
          realm_access: undefined,
          roles: ['kitter-admin'],
          groups: ['kitter-admin'],
          scope: 'kitter-admin',
        }),
    }
  }

  private claims(claims: Claims = {}): Claims {
    return {
      iss: this.issuer,
      aud: 'kitter',
      sub: `forged:${randomUUID()}`,
      iat: now(),
      exp: now() + 3600,
      preferred_username: 'forged',
      realm_access: { roles: ['kitter-admin'] },
      ...claims,
    }
  }

  private signed(claims: Claims, header: Readonly<Record<string, unknown>>, key: JWK): Promise<string> {
    const protectedHeader = { alg: 'RS256', kid: key.kid, ...header } as JWTHeaderParameters
    const { alg: _, ...any } = key
    return new SignJWT(this.claims(claims))
      .setProtectedHeader(protectedHeader)
      .sign({ ...any, alg: protectedHeader.alg })
  }

  private hmac(secret: string | Uint8Array): Promise<string> {
    return new SignJWT(this.claims())
      .setProtectedHeader({ alg: 'HS256', kid: this.key.kid })
      .sign(typeof secret === 'string' ? Buffer.from(secret) : secret)
  }

  private unsigned(header: unknown, payload: unknown): string {
    return `${encoded(header)}.${encoded(payload)}.`
  }

  private publicKey(): JWK {
    const { kty, n, e, kid, alg, use } = this.key
    return { kty, n, e, kid, alg, use } as JWK
  }

  private publicPem(): string {
    return createPublicKey({ key: this.publicKey(), format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
  }
}

/** The tokens of a table, made once. */
export function made(
  table: Readonly<Record<string, () => string | Promise<string>>>,
): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(Object.entries(table).map(async ([what, make]) => [what, await make()] as const))
}

function parts(token: string): string[] {
  return token.split('.')
}
