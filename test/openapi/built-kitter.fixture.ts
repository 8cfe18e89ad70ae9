import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Role } from '#kernel'
import { createTestDatabase } from '../support/test-database.ts'
import type { CallOptions } from '../support/test-kitter.ts'

const main = join(import.meta.dirname, '../../dist/apps/kitter/main.js')

export interface BuiltAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON of the answer, or undefined where it has no body. */
  readonly body: unknown
}

/** The service as it is built and shipped, in a process of its own, over a database of its own, on the sandbox. */
export class BuiltKitter implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    readonly adminToken: string,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<BuiltKitter> {
    if (!existsSync(main)) throw new Error(`There is no ${main}: "npm run build" makes it, as "npm test" does.`)
    await using starting = new AsyncDisposableStack()
    const dataDir = await mkdtemp(join(tmpdir(), 'kitter-built-'))
    starting.defer(() => rm(dataDir, { recursive: true, force: true }))
    const database = await createTestDatabase()
    starting.defer(() => database.drop())
    const env = { PORT: '0', KITTER_DATA_DIR: dataDir, DATABASE_URL: database.url, ...settings }
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    starting.defer(() => end(child))
    await serves(child)
    const { url } = JSON.parse(await readFile(join(dataDir, 'service.json'), 'utf8')) as { readonly url: string }
    const adminToken = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
    return new BuiltKitter(url, env.DATABASE_URL, adminToken, starting.move())
  }

  /** A path as the document writes it, the prefix included. */
  async call(
    method: string,
    path: string,
    { token = this.adminToken, body, raw, headers = {} }: CallOptions = {},
  ): Promise<BuiltAnswer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content !== undefined && { body: content }),
    })
    const text = await response.text()
    const answered: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, text, body: answered }
  }

  /** The token of somebody with this role. */
  async token(role: Role, domain?: string): Promise<string> {
    return this.askForToken({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: this.adminToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      role,
      ...(domain !== undefined && { domain }),
    })
  }

  /** The token of a user who logs in. */
  async logIn(username: string, password: string): Promise<string> {
    return this.askForToken({ grant_type: 'password', username, password })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }

  private async askForToken(fields: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ client_id: 'kitter-cli', ...fields })
    const response = await fetch(`${this.url}/realms/kitter/protocol/openid-connect/token`, { method: 'POST', body })
    const answer = (await response.json()) as { readonly access_token?: string }
    if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`)
    return answer.access_token
  }
}

/** Resolves at the line that says so, and goes on reading, so that the child can go on writing. */
async function serves(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  let said = ''
  createInterface(child.stdout!).on('line', (line) => {
    said += `${line}\n`
    if (line.includes('kitter serves')) resolve(line)
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.once('close', (code) => reject(new Error(`kitter ended with ${code ?? 'a signal'}:\n${said}`)))
  await promise
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}
