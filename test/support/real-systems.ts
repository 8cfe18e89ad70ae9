import { randomUUID } from 'node:crypto'
import type { Role } from '#kernel'
import { startWacCoreSandbox } from '../../apps/wac-core-sandbox/start-wac-core-sandbox.ts'
import { Mailbox } from './mailbox.ts'
import { RealRealm } from './real-realm.ts'
import type { KitterPlace, TestSystems } from './test-systems.ts'

// longer than any file of tests
const accessTokenLifespan = 3600

/** A realm of the real Keycloak with an SMTP server, and wac-core behind HTTP. */
export class RealSystems implements TestSystems {
  private constructor(
    readonly settings: Readonly<Record<string, string>>,
    readonly real: { readonly realm: RealRealm; readonly mailbox: Mailbox },
    private readonly resources: AsyncDisposableStack,
  ) {}

  /** wac-core's side is kept in the schema `sandbox` of the same database, where tests look for it. */
  static async start(databaseUrl: string): Promise<RealSystems> {
    await using starting = new AsyncDisposableStack()
    const realm = starting.use(await RealRealm.create())
    const mailbox = starting.use(await Mailbox.open())
    await realm.admin.realms.update({ realm: realm.realm }, { smtpServer: mailbox.smtpServer, accessTokenLifespan })
    const token = randomUUID()
    const wacCore = starting.adopt(await startWacCoreSandbox({ databaseUrl, token, port: 0 }), (it) => it.stop())
    const settings = {
      KEYCLOAK_URL: realm.url,
      KEYCLOAK_REALM: realm.realm,
      KEYCLOAK_CLIENT_ID: realm.clientId,
      KEYCLOAK_CLIENT_SECRET: realm.clientSecret,
      WAC_CORE_URL: wacCore.url,
      WAC_CORE_TOKEN: token,
    }
    return new RealSystems(settings, { realm, mailbox }, starting.move())
  }

  adminToken(): Promise<string> {
    return this.real.realm.accessToken('kitter-admin')
  }

  token(_: KitterPlace, role: Role, domain?: string): Promise<string> {
    return this.real.realm.accessToken(role, domain)
  }

  async logIn(_: KitterPlace, username: string, password: string, scope: string): Promise<Record<string, unknown>> {
    return { ...(await this.real.realm.logIn(username, password, { offline: scope.includes('offline_access') })) }
  }

  async refresh(_: KitterPlace, refreshToken: string): Promise<Record<string, unknown>> {
    return { ...(await this.real.realm.refresh({ status: 200, refresh_token: refreshToken })) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
