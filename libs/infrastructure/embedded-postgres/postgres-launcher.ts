import { type ChildProcess, spawn } from 'node:child_process'
import { errorCode } from './error-code.ts'
import type { PostgresAccount } from './postgres-account.ts'

export interface ProgramEnd {
  readonly succeeded: boolean
  /** What the program said, or why it couldn't be run. */
  readonly said: string
}

/** Nothing of kitter's own environment: `PGOPTIONS` or a broken `LC_ALL` would change Postgres, secrets are none of its business. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' }

/** Runs Postgres' programs as the user they have to run as. */
export class PostgresLauncher {
  private readonly prefix: readonly string[]
  private readonly account: PostgresAccount | undefined

  /** `prefix` is a command that runs the program given behind it; without one the account is taken on directly. */
  constructor(account: PostgresAccount | undefined, prefix: readonly string[] = []) {
    this.account = prefix.length > 0 ? undefined : account
    this.prefix = prefix
  }

  run(program: string, args: readonly string[]): Promise<ProgramEnd> {
    const child = this.spawn(program, args, 'pipe', false)
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    return new Promise((resolve) => {
      child.once('error', (error) => resolve({ succeeded: false, said: reasonOf(error) }))
      child.once('close', (code, signal) =>
        resolve({ succeeded: code === 0, said: said === '' ? `it ended with ${signal ?? code}` : said }),
      )
    })
  }

  /** In a process group of its own: Ctrl-C on the terminal is for kitter, which has requests to end first. */
  start(program: string, args: readonly string[], log: number): ChildProcess {
    const child = this.spawn(program, args, log, true)
    child.unref()
    return child
  }

  private spawn(program: string, args: readonly string[], output: 'pipe' | number, detached: boolean): ChildProcess {
    const [command = program, ...rest] = [...this.prefix, program, ...args]
    return spawn(command, rest, {
      ...this.account,
      cwd: '/',
      env: environment,
      detached,
      stdio: ['ignore', output === 'pipe' ? 'ignore' : output, output],
    })
  }
}

function reasonOf(error: Error): string {
  return errorCode(error) === 'ENOENT' ? 'it is not installed' : error.message
}
