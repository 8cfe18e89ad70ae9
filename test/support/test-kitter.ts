import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { inject } from 'vitest'
import type { Role } from '#kernel'
import { type Configuration, configurationFrom } from '../../apps/kitter/configuration.ts'
import { type RunningKitter, startKitter } from '../../apps/kitter/start-kitter.ts'
import type { Timing } from '../../apps/kitter/timing.ts'
import { type Answer, call, type CallOptions } from './call.ts'
import { RealSystems } from './real-systems.ts'
import { SandboxSystems } from './sandbox-systems.ts'
import { createTestDatabase } from './test-database.ts'
import type { TestSystems } from './test-systems.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What a `TestKitter` runs over: the sandbox, unless the project of the test file says otherwise. */
    systems?: 'real'
    /** How many replicas a `TestKitter` is: one, unless the project of the test file says otherwise. */
    replicas?: number
  }
}

export type { Answer, CallOptions } from './call.ts'

/**
 * A kitter of its own: own database, own data folder, own systems, a free port, in this process. Where it is several
 * replicas, each request goes to the next of them.
 */
export class TestKitter implements AsyncDisposable {
  private turn = 0

  private constructor(
    private readonly replicas: readonly RunningKitter[],
    readonly databaseUrl: string,
    readonly dataDir: string,
    readonly adminToken: string,
    readonly systems: TestSystems,
    private readonly resources: AsyncDisposableStack,
  ) {}

  /** Over systems of its own, or over those that are given, which outlive it. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    given?: TestSystems,
    logger?: Logger,
    timing?: Timing,
  ): Promise<TestKitter> {
    await using starting = new AsyncDisposableStack()
    const dataDir = await mkdtemp(join(tmpdir(), 'kitter-test-'))
    starting.defer(() => rm(dataDir, { recursive: true, force: true }))
    const database = await createTestDatabase()
    starting.defer(() => database.drop())
    const databaseUrl = settings['DATABASE_URL'] ?? database.url
    const systems = given ?? starting.use(await startSystems(databaseUrl))
    const environment = { DATABASE_URL: databaseUrl, ...systems.settings, ...settings }
    const replicas: RunningKitter[] = []
    for (const folder of foldersIn(dataDir)) {
      const replica = await startKitter(configurationOf(environment, folder), logger, timing)
      starting.defer(() => replica.stop())
      replicas.push(replica)
    }
    const adminToken = await systems.adminToken({ dataDir })
    return new TestKitter(replicas, databaseUrl, dataDir, adminToken, systems, starting.move())
  }

  /** Where it serves: of several replicas another one each time. */
  get url(): string {
    const replica = this.replicas[this.turn++ % this.replicas.length]
    return replica?.url ?? ''
  }

  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return call(method, `${this.url}${path}`, { token: this.adminToken, ...options })
  }

  /** The real Keycloak's realm and mails, where kitter runs over them. */
  get real(): TestSystems['real'] {
    return this.systems.real
  }

  /** A token with another role. */
  token(role: Role, domain?: string): Promise<string> {
    return this.systems.token(this, role, domain)
  }

  /** Logs a user in; the token endpoint's answer. */
  logIn(username: string, password: string, scope = 'openid'): Promise<Readonly<Record<string, unknown>>> {
    return this.systems.logIn(this, username, password, scope)
  }

  refresh(refreshToken: unknown): Promise<Readonly<Record<string, unknown>>> {
    return this.systems.refresh(this, String(refreshToken))
  }

  async createDomain(domain: string, parent?: string): Promise<{ id: string; domain: string; parent: string }> {
    const answer = await this.call('POST', '/domains', {
      body: { domain: { domain, ...(parent !== undefined && { parent }) } },
    })
    if (answer.status !== 201) throw new Error(`no domain ${domain}: ${answer.text}`)
    return answer.body.domain
  }

  async createUser(
    username: string,
    user: Readonly<Record<string, unknown>> = {},
  ): Promise<{ id: string; username: string }> {
    const answer = await this.call('POST', '/users', { body: { user: { username, ...user } } })
    if (answer.status !== 201) throw new Error(`no user ${username}: ${answer.text}`)
    return answer.body.user
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}

/** What a kitter over this database runs over, in this test file. */
export async function startSystems(databaseUrl: string): Promise<TestSystems> {
  return inject('systems') === 'real' ? RealSystems.start(databaseUrl) : new SandboxSystems()
}

/** Of the replicas: the first one's is what they are told by. */
function foldersIn(dataDir: string): readonly string[] {
  const further = Array.from({ length: (inject('replicas') ?? 1) - 1 }, (_, index) => `replica-${index + 2}`)
  return [dataDir, ...further.map((name) => join(dataDir, name))]
}

function configurationOf(environment: Readonly<Record<string, string>>, dataDir: string): Configuration {
  return configurationFrom({ PORT: '0', LOG_LEVEL: 'silent', KITTER_DATA_DIR: dataDir, ...environment })
}
