import { randomUUID } from 'node:crypto'
import KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { decodeJwt, type JWTPayload } from 'jose'
import { keycloakReady } from '../../../../test/support/keycloak/keycloak-ready.ts'
import type { BootstrapOptions } from './bootstrap-options.ts'

/** The name of a realm that a test may make, and gets rid of whatever it has become. */
export class ScratchRealm implements AsyncDisposable {
  readonly realm = `boot-${randomUUID()}`

  private constructor(
    readonly url: string,
    private readonly adminUser: string,
    private readonly adminPassword: string,
  ) {}

  static async find(): Promise<ScratchRealm> {
    const { url, adminUser, adminPassword } = await keycloakReady()
    return new ScratchRealm(url, adminUser, adminPassword)
  }

  get options(): BootstrapOptions {
    const { url, realm, adminUser, adminPassword } = this
    return { url, realm, adminUser, adminPassword }
  }

  /** Good for a minute. */
  async admin(realmName = this.realm): Promise<KeycloakAdminClient> {
    const admin = new KeycloakAdminClient({ baseUrl: this.url, realmName: 'master' })
    const { adminUser: username, adminPassword: password } = this
    await admin.auth({ grantType: 'password', clientId: 'admin-cli', username, password })
    admin.setConfig({ realmName })
    return admin
  }

  /** What a new user's access token says, or why there is none. */
  async claimsOfUser(clientId: string, attributes: Record<string, string[]>): Promise<JWTPayload> {
    const admin = await this.admin()
    const [username, password] = [randomUUID(), randomUUID()]
    await admin.users.create({
      username,
      enabled: true,
      attributes,
      credentials: [{ type: 'password', value: password }],
    })
    return decodeJwt(await this.token({ grant_type: 'password', client_id: clientId, username, password }))
  }

  async token(form: Record<string, string>): Promise<string> {
    const path = `${this.url}/realms/${this.realm}/protocol/openid-connect/token`
    const response = await fetch(path, { method: 'POST', body: new URLSearchParams(form) })
    const answer = (await response.json()) as { access_token?: string }
    if (answer.access_token === undefined) throw new Error(JSON.stringify(answer))
    return answer.access_token
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const admin = await this.admin('master')
    await admin.realms.del({ realm: this.realm }, { catchNotFound: true })
  }
}
