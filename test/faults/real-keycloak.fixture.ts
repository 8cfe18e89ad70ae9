import type pg from 'pg'
import { RealRealm } from '../support/real-realm.ts'
import { RequestProxy } from './request-proxy.fixture.ts'
import type { Traps } from './trap.fixture.ts'

const people = 1000

/** A realm of the real Keycloak, with traps on the way to it. */
export class RealKeycloak implements AsyncDisposable {
  private mirroring: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly realm: RealRealm,
    private readonly requests: RequestProxy,
  ) {}

  static async behind(traps: Traps): Promise<RealKeycloak> {
    const realm = await RealRealm.create()
    await realm.admin.realms.update({ realm: realm.realm }, { accessTokenLifespan: 3600 })
    return new RealKeycloak(realm, await RequestProxy.before(realm.url, traps))
  }

  get settings(): Readonly<Record<string, string>> {
    const { realm, clientId, clientSecret, issuer } = this.realm
    return {
      KEYCLOAK_URL: this.requests.url,
      KEYCLOAK_REALM: realm,
      KEYCLOAK_CLIENT_ID: clientId,
      KEYCLOAK_CLIENT_SECRET: clientSecret,
      TOKEN_ISSUER: issuer,
    }
  }

  adminToken(): Promise<string> {
    return this.realm.accessToken('kitter-admin')
  }

  /** Writes down those whom kitter made, who live in a domain, in the table that the sandbox has for its own. */
  async mirrorTo(database: pg.Pool): Promise<void> {
    const mirrored = this.mirroring.then(() => this.mirror(database))
    this.mirroring = mirrored.catch(() => undefined)
    await mirrored
  }

  private async mirror(database: pg.Pool): Promise<void> {
    const { users } = this.realm.admin
    const found = await users.find({ max: people, briefRepresentation: false })
    const rows = await Promise.all(
      found
        .filter(({ attributes }) => attributes?.['domain'] !== undefined)
        .map(async ({ id = '', username, email, emailVerified, enabled, firstName, lastName, attributes }) => {
          const credentials = await users.getCredentials({ id }).catch(() => [])
          const hash = credentials.map((credential) => `${credential.id} ${credential.createdDate}`).join() || null
          const names = { login_name: username, login_key: username, first_name: firstName, last_name: lastName }
          const mail = { email, email_key: email, email_verified: emailVerified ?? false }
          return {
            id,
            ...names,
            ...mail,
            enabled,
            attributes,
            roles: [],
            password_hash: hash,
            password_temporary: false,
          }
        }),
    )
    const client = await database.connect()
    try {
      await client.query('BEGIN')
      await client.query('DELETE FROM sandbox.accounts')
      await client.query(
        'INSERT INTO sandbox.accounts SELECT * FROM jsonb_populate_recordset(NULL::sandbox.accounts, $1)',
        [JSON.stringify(rows)],
      )
      await client.query('COMMIT')
    } finally {
      client.release()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.requests[Symbol.asyncDispose]()
    await this.realm[Symbol.asyncDispose]()
  }
}
