import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '#kernel'
import { configurationFrom } from '../../apps/kitter/configuration.ts'
import { startKitter } from '../../apps/kitter/start-kitter.ts'
import { createTestDatabase } from './test-database.ts'

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

/** A kitter of its own: own database, own data folder, a free port, on the sandbox, in this process. */
export class TestKitter implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    readonly dataDir: string,
    readonly adminToken: string,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<TestKitter> {
    await using starting = new AsyncDisposableStack()
    const dataDir = await mkdtemp(join(tmpdir(), 'kitter-test-'))
    starting.defer(() => rm(dataDir, { recursive: true, force: true }))
    const database = await createTestDatabase()
    starting.defer(() => database.drop())
    const environment = {
      PORT: '0',
      LOG_LEVEL: 'silent',
      KITTER_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      ...settings,
    }
    const kitter = await startKitter(configurationFrom(environment))
    starting.defer(() => kitter.stop())
    const adminToken = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
    return new TestKitter(kitter.url, environment.DATABASE_URL, dataDir, adminToken, starting.move())
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

  /** A token with another role, as `kitter token` gives it. */
  async token(role: Role, domain?: string): Promise<string> {
    const { access_token: token } = await this.form({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: this.adminToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      role,
      ...(domain !== undefined && { domain }),
    })
    return String(token)
  }

  /** Logs a user in; the token endpoint's answer. */
  logIn(username: string, password: string, scope = 'openid'): Promise<Record<string, unknown>> {
    return this.form({ grant_type: 'password', username, password, scope })
  }

  refresh(refreshToken: unknown): Promise<Record<string, unknown>> {
    return this.form({ grant_type: 'refresh_token', refresh_token: String(refreshToken) })
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

  private async form(fields: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const body = new URLSearchParams({ client_id: 'kitter-cli', ...fields })
    const response = await fetch(`${this.url}/realms/kitter/protocol/openid-connect/token`, { method: 'POST', body })
    return (await response.json()) as Record<string, unknown>
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
