import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isPlainObject } from '#kernel'
import { type Answer, call } from '../support/call.ts'
import { until } from './until.fixture.ts'

export const checkout = resolve(import.meta.dirname, '../..')

export interface ServiceOptions {
  /** The folder that kitter was cloned to. */
  readonly root?: string
  readonly cwd?: string
  readonly nodeArguments?: readonly string[]
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Instead of `node dist/apps/kitter/main.js`. */
  readonly command?: readonly [string, ...string[]]
  /** Runs on a terminal of its own. */
  readonly terminal?: boolean
}

export type LogLine = Readonly<Record<string, unknown>>

/** The built service in a process of its own, and what it says. */
export class ServiceProcess {
  stdout = ''
  stderr = ''
  url = ''
  adminToken = ''
  readonly dataDir: string
  readonly child: ChildProcess
  private readonly isWrapped: boolean
  private isClosed = false

  constructor(settings: Readonly<Record<string, string>>, options: ServiceOptions = {}) {
    const { cwd = checkout, user, command, terminal = false } = options
    this.dataDir = resolve(cwd, settings['KITTER_DATA_DIR'] ?? '.kitter')
    this.isWrapped = terminal || command !== undefined
    const [program, ...rest] = terminal ? onTerminal(commandOf(options)) : commandOf(options)
    this.child = spawn(program, rest, {
      cwd,
      ...user,
      env: { PATH: process.env['PATH'], HOME: '/nowhere', TERM: 'xterm', PORT: '0', ...settings },
      stdio: 'pipe',
    })
    this.child.on('error', ({ message }) => (this.stderr += message))
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.child.stdin?.on('error', () => undefined)
    this.child.once('close', () => (this.isClosed = true))
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** Until it has ended, and all that it said has arrived. */
  get isRunning(): boolean {
    return this.child.pid !== undefined && !this.isClosed
  }

  /** What it has logged, line by line; whatever isn't JSON makes this fail. */
  get lines(): readonly LogLine[] {
    const whole = this.stdout.split('\n').slice(0, -1)
    return whole.map((line): LogLine => JSON.parse(line) as LogLine)
  }

  /** Waits until it serves. */
  async ready(): Promise<this> {
    this.url = await until('kitter serves', () => {
      if (!this.isRunning) throw new Error(`kitter did not start.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`)
      return this.announced()
    })
    // over a real Keycloak there is none
    this.adminToken = (await readFile(join(this.dataDir, 'admin-token'), 'utf8').catch(() => '')).trim()
    return this
  }

  /** Waits for its end, and tells its exit code, or the signal that ended it. */
  async ended(within?: number): Promise<number | NodeJS.Signals> {
    await until(`kitter ends, which says:\n${this.stdout}${this.stderr}`, () => !this.isRunning, within)
    return this.child.exitCode ?? this.child.signalCode ?? -1
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.child.kill(signal)
    return this.ended()
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return call(method, `${this.url}${path}`, { token: this.adminToken, body, headers })
  }

  readiness(): Promise<Answer> {
    return this.call('GET', '/health/readiness')
  }

  async createUser(username: string): Promise<void> {
    const { status, text } = await this.call('POST', '/users', { user: { username } })
    if (status !== 201) throw new Error(`no user ${username}: ${text}`)
  }

  async usernames(): Promise<readonly string[]> {
    const { body } = await this.call('GET', '/users')
    return (body as { users: { username: string }[] }).users.map(({ username }) => username)
  }

  async has(file: string): Promise<boolean> {
    return stat(join(this.dataDir, file)).then(
      () => true,
      () => false,
    )
  }

  /** The URL in `service.json`, once this process has written it. */
  private async announced(): Promise<string | undefined> {
    const text = await readFile(join(this.dataDir, 'service.json'), 'utf8').catch(() => '{}')
    const service: unknown = JSON.parse(text)
    if (!isPlainObject(service) || typeof service['url'] !== 'string') return undefined
    return this.isWrapped || service['pid'] === this.pid ? service['url'] : undefined
  }
}

function commandOf({ root = checkout, command, nodeArguments = [] }: ServiceOptions): readonly [string, ...string[]] {
  return command ?? [process.execPath, ...nodeArguments, join(root, 'dist/apps/kitter/main.js')]
}

function onTerminal(command: readonly string[]): readonly [string, ...string[]] {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  return ['script', '-qec', `exec ${quoted.join(' ')}`, '/dev/null']
}
