import { randomUUID } from 'node:crypto'
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type { Role } from '#kernel'
import { keycloakReady } from './keycloak/keycloak-ready.ts'
import { makePerson } from './keycloak/make-person.ts'
import { makeRealm, type PeopleClient } from './keycloak/make-realm.ts'

/** What the token endpoint answered: tokens, or why not. */
export interface TokenAnswer {
  readonly status: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly error?: string
  readonly error_description?: string
}

export interface LogInOptions {
  readonly client?: PeopleClient
  /** Asks for a session that outlives the log-out of the browser. */
  readonly offline?: boolean
}

/** A realm of its own in the Keycloak of this test run, fit for kitter; gone with its disposal. */
export class RealRealm implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly realm: string,
    readonly clientId: string,
    readonly clientSecret: string,
    /** Looks into the realm, and changes it, as the administrator of the whole Keycloak. */
    readonly admin: KeycloakAdminClient,
  ) {}

  static async create(): Promise<RealRealm> {
    const keycloak = await keycloakReady()
    const realm = `kitter-${randomUUID()}`
    const { clientId, clientSecret, admin } = await makeRealm(keycloak, realm)
    return new RealRealm(keycloak.url, realm, clientId, clientSecret, admin)
  }

  get issuer(): string {
    return `${this.url}/realms/${this.realm}`
  }

  logIn(username: string, password: string, options: LogInOptions = {}): Promise<TokenAnswer> {
    const { client = 'people', offline = false } = options
    const scope = offline ? 'openid offline_access' : 'openid'
    return this.token({ grant_type: 'password', client_id: client, username, password, scope })
  }

  refresh({ refresh_token: token = '' }: TokenAnswer, client: PeopleClient = 'people'): Promise<TokenAnswer> {
    return this.token({ grant_type: 'refresh_token', client_id: client, refresh_token: token })
  }

  /** A token of kitter's own service account, as kitter gets it. */
  serviceToken(): Promise<TokenAnswer> {
    const { clientId, clientSecret } = this
    return this.token({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })
  }

  /** An access token of somebody new with a role for kitter's API, and the claim `domain` where there is one. */
  async accessToken(role: Role, domain?: string): Promise<string> {
    const [username, password] = [`${role}-${randomUUID()}`, randomUUID()]
    await makePerson(this.admin, { username, password, role, domain })
    const { access_token: token, error_description: problem } = await this.logIn(username, password)
    if (token === undefined) throw new Error(`no token for ${role}: ${problem ?? ''}`)
    return token
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.realms.del({ realm: this.realm })
  }

  private async token(fields: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    const path = `${this.issuer}/protocol/openid-connect/token`
    const response = await fetch(path, { method: 'POST', body: new URLSearchParams(fields) })
    return { status: response.status, ...((await response.json()) as object) }
  }
}
