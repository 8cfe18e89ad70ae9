import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { waitUntil } from './wait-until.ts'

const program = fileURLToPath(new URL('stand-in-kitter.fixture.ts', import.meta.url))

/** A stand-in for kitter in a process of its own, and what it says. */
export class KitterProcess {
  private readonly child: ChildProcess
  private said = ''

  constructor(dataDir: string, options: SpawnOptions = {}) {
    this.child = spawn(process.execPath, ['--conditions=source', program, dataDir], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text))
    }
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** The value of the first event with this key. */
  async says(key: 'url' | 'error' | 'message'): Promise<string> {
    const pattern = new RegExp(`"${key}":("(?:[^"\\\\]|\\\\.)*")`)
    await waitUntil(() => pattern.test(this.said) || !this.isRunning(), 30_000)
    const value: unknown = JSON.parse(pattern.exec(this.said)?.[1] ?? 'null')
    if (typeof value !== 'string') throw new Error(`No "${key}" in what the process said: ${this.said}`)
    return value
  }

  /** "url" or "error", whichever comes. */
  async outcome(): Promise<'url' | 'error'> {
    await waitUntil(() => /"(url|error)":/.test(this.said) || !this.isRunning(), 30_000)
    return this.said.includes('"url":') ? 'url' : 'error'
  }

  isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Sends a signal, to the whole process group if so said, and waits for the end. */
  async end(signal: NodeJS.Signals, to: 'process' | 'group' = 'process'): Promise<number | null> {
    if (!this.isRunning()) return this.child.exitCode
    const exited = once(this.child, 'exit')
    process.kill(to === 'group' ? -this.pid : this.pid, signal)
    await exited
    return this.child.exitCode
  }
}
