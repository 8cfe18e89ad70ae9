import type { Role } from '#kernel'
import type { Timing } from '../../../apps/kitter/timing.ts'
import { MeddlingProxy } from '../../support/meddling-proxy.ts'
import { RealRealm } from '../../support/real-realm.ts'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import type { KitterPlace, TestSystems } from '../../support/test-systems.ts'
import { startTestWacCore, type TestWacCore } from '../../support/wac-core.ts'
import { Door } from '../../support/door.ts'
import { Log } from './log.fixture.ts'

// longer than any file of tests
const accessTokenLifespan = 3600

/** A realm of the real Keycloak and a wac-core, each behind a door, and kitters over them whose log is read. */
export class BadDay implements AsyncDisposable {
  readonly log = new Log()

  private constructor(
    readonly realm: RealRealm,
    /** Between kitter and Keycloak: what kitter asks for, and what becomes of it. */
    readonly keycloakCalls: MeddlingProxy,
    readonly keycloakDoor: Door,
    readonly wacCore: TestWacCore,
    readonly wacCoreDoor: Door,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async dawn(): Promise<BadDay> {
    await using starting = new AsyncDisposableStack()
    const realm = starting.use(await RealRealm.create())
    await realm.admin.realms.update({ realm: realm.realm }, { accessTokenLifespan })
    const calls = starting.use(await MeddlingProxy.start(realm.url))
    const keycloakDoor = starting.use(await Door.before(calls.url))
    const wacCore = starting.adopt(await startTestWacCore(), (it) => it.stop())
    const wacCoreDoor = starting.use(await Door.before(wacCore.url))
    return new BadDay(realm, calls, keycloakDoor, wacCore, wacCoreDoor, starting.move())
  }

  /** Ends with the day. */
  async kitter(settings: Readonly<Record<string, string>> = {}, timing?: Timing): Promise<TestKitter> {
    const kitter = await TestKitter.start(settings, this.systems(), this.log.logger, timing)
    return this.resources.use(kitter)
  }

  settings(): Readonly<Record<string, string>> {
    return {
      KEYCLOAK_URL: this.keycloakDoor.url,
      KEYCLOAK_REALM: this.realm.realm,
      KEYCLOAK_CLIENT_ID: this.realm.clientId,
      KEYCLOAK_CLIENT_SECRET: this.realm.clientSecret,
      TOKEN_ISSUER: this.realm.issuer,
      WAC_CORE_URL: this.wacCoreDoor.url,
      WAC_CORE_TOKEN: this.wacCore.token,
    }
  }

  /** How many users of a name are in Keycloak, at wac-core, and for kitter. */
  async whereabouts(kitter: TestKitter, username: string): Promise<Whereabouts> {
    const accounts = await this.realm.admin.users.find({ username, exact: true })
    const users: readonly { readonly username: string }[] = await this.wacCore.call('GET', 'users')
    const listed = await kitter.call('GET', `/users?exact=true&username=${encodeURIComponent(username)}`)
    return {
      keycloak: accounts.length,
      wacCore: users.filter((user) => user.username === username).length,
      kitter: listed.body.users.length,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wacCore.faults.clear()
    await this.resources.disposeAsync()
  }

  private systems(): TestSystems {
    const token = (_: KitterPlace, role: Role, domain?: string): Promise<string> => this.realm.accessToken(role, domain)
    return {
      settings: this.settings(),
      adminToken: () => this.realm.accessToken('kitter-admin'),
      token,
      logIn: async (_, username, password) => ({ ...(await this.realm.logIn(username, password)) }),
      refresh: async (_, token) => ({ ...(await this.realm.refresh({ status: 200, refresh_token: token })) }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
}

export interface Whereabouts {
  readonly keycloak: number
  readonly wacCore: number
  readonly kitter: number
}

export const nowhere: Whereabouts = { keycloak: 0, wacCore: 0, kitter: 0 }
export const everywhere: Whereabouts = { keycloak: 1, wacCore: 1, kitter: 1 }

/** What a caller sees of an answer, for comparisons. */
export function seen({ status, headers, body }: Answer): object {
  const retryAfter = headers.get('retry-after')
  return { status, code: body?.code, ...(retryAfter !== null && { retryAfter: Number(retryAfter) }) }
}

export const unavailable = { status: 503, code: 'service.unavailable', retryAfter: 5 }

/** What a load balancer and an operator see: the status, and who is away. */
export async function readinessOf(kitter: TestKitter): Promise<Readiness> {
  const { status, body } = await kitter.call('GET', '/health/readiness', { token: null })
  const details: Readonly<Record<string, { readonly status: string }>> = body.details
  const away = Object.entries(details).filter(([, system]) => system.status !== 'up')
  return { status, state: body.status, away: away.map(([name]) => name) }
}

interface Readiness {
  readonly status: number
  /** Not told where kitter can't serve at all. */
  readonly state: string | undefined
  readonly away: readonly string[]
}
