import type { ChildProcess } from 'node:child_process'
import { readPostmasterFile } from './read-postmaster-file.ts'
import { shutDown } from './shut-down.ts'

/** The main process of a Postgres that kitter has started. */
export class Postmaster {
  readonly port: number
  /** Tells how: an exit code or a signal, or why it couldn't be run. */
  readonly ended: Promise<string>
  private readonly child: ChildProcess
  private readonly cluster: string
  private running = true

  constructor(child: ChildProcess, cluster: string, port: number) {
    this.child = child
    this.cluster = cluster
    this.port = port
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.running = false
        resolve(how)
      }
      child
        .once('exit', (code, signal) => end(signal ?? `exit code ${code}`))
        .once('error', ({ message }) => end(message))
    })
  }

  isRunning(): boolean {
    return this.running
  }

  async isReady(): Promise<boolean> {
    const file = await readPostmasterFile(this.cluster)
    return this.running && file?.pid === this.child.pid && file?.status === 'ready'
  }

  async stop(): Promise<void> {
    await shutDown({ send: (signal) => this.child.kill(signal), isGone: () => !this.running })
  }
}
