import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../apps/cli/main.ts')
const deadline = 20_000

export interface CommandOptions {
  /** The current folder, where `.kitter` would be, too. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Runs on a terminal of its own: everything it shows is in `stdout` then. */
  readonly terminal?: boolean
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  /** Without lines that tell the progress: how many there are depends on how busy the machine is. */
  readonly stderr: string
}

const progressLine =
  /^(\d+ rows?(?=[,:\n])|Sending |Reading |Comparing |Looking again at |Starting(?=\n)|Cancelling the import(?=\n))[^\n]*\n/gm

/** The `kitter` command in a process of its own. */
export class KitterCommand {
  stdout = ''
  stderr = ''
  readonly child: ChildProcess

  constructor(args: readonly string[], { cwd, env = {}, terminal = false }: CommandOptions) {
    const command = [process.execPath, '--conditions=source', main, ...args]
    // without a shell between, which would take Ctrl-C for its own
    const line = `exec ${command.map(quoted).join(' ')}`
    const [program = '', ...rest] = terminal ? ['script', '-qec', line, '/dev/null'] : command
    this.child = spawn(program, rest, {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'xterm', ...env },
      stdio: 'pipe',
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.child.stdin?.on('error', () => undefined)
  }

  write(text: string | Uint8Array): void {
    this.child.stdin?.write(text)
  }

  async ended(): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.inTime(once(this.child, 'close'))
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr.replace(progressLine, '') }
  }

  /** Waits until it has shown this. */
  async shows(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
    await this.inTime(
      (async () => {
        while (!pattern.test(this[stream])) await once(this.child[stream]!, 'data')
      })(),
    )
  }

  private async inTime(event: Promise<unknown>): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      this.child.kill('SIGKILL')
      reject(new Error(`kitter took too long.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`))
    }, deadline)
    await Promise.race([event, late]).finally(() => clearTimeout(timer))
  }
}

/** Runs the command to its end, with nothing on its standard input unless given. */
export async function runKitter(
  args: readonly string[],
  { stdin, ...options }: CommandOptions & { readonly stdin?: string | Uint8Array },
): Promise<Ended> {
  const command = new KitterCommand(args, options)
  command.child.stdin?.end(stdin)
  return command.ended()
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
