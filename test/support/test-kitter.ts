import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { inject } from 'vitest'
import type { Role } from '#kernel'
import { configurationFrom } from '../../apps/kitter/configuration.ts'
import { startKitter } from '../../apps/kitter/start-kitter.ts'
import type { Timing } from '../../apps/kitter/timing.ts'
import { RealSystems } from './real-systems.ts'
import { SandboxSystems } from './sandbox-systems.ts'
import { createTestDatabase } from './test-database.ts'
import type { TestSystems } from './test-systems.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What a `TestKitter` runs over: the sandbox, unless the project of the test file says otherwise. */
    systems?: 'real'
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON of the answer, or undefined where there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  readonly body: any
}

export interface CallOptions {
  /** A token; `null` sends none. The admin's by default. */
  readonly token?: string | null
  readonly body?: unknown
  /** Sent as it is, instead of a body. */
  readonly raw?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** A kitter of its own: own database, own data folder, own systems, a free port, in this process. */
export class TestKitter implements AsyncDisposable {
  private constructor(
    readonly url: string,
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
    const environment = {
      PORT: '0',
      LOG_LEVEL: 'silent',
      KITTER_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      ...systems.settings,
      ...settings,
    }
    const kitter = await startKitter(configurationFrom(environment), logger, timing)
    starting.defer(() => kitter.stop())
    const adminToken = await systems.adminToken({ url: kitter.url, dataDir })
    return new TestKitter(kitter.url, databaseUrl, dataDir, adminToken, systems, starting.move())
  }

  async call(
    method: string,
    path: string,
    { token = this.adminToken, body, raw, headers = {} }: CallOptions = {},
  ): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content !== undefined && { body: content }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) }
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
