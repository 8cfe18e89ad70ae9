import { setTimeout as pause } from 'node:timers/promises'
import type { Answer } from '../support/call.ts'
import type { ServiceProcess } from './service-process.fixture.ts'

const betweenLooksMs = 50

/** Stands before the replicas as Kubernetes does: those that say they are ready get the requests, one after the other. */
export class Balancer implements AsyncDisposable {
  private readonly replicas: ServiceProcess[]
  private ready: readonly ServiceProcess[] = []
  private turn = 0
  private readonly ending = new AbortController()
  private readonly looking: Promise<void>

  private constructor(replicas: readonly ServiceProcess[]) {
    this.replicas = [...replicas]
    this.ready = this.replicas
    this.looking = this.keepLooking()
  }

  static before(...replicas: readonly ServiceProcess[]): Balancer {
    return new Balancer(replicas)
  }

  /** Also to this one, as soon as it's ready. */
  add(replica: ServiceProcess): void {
    this.replicas.push(replica)
  }

  passesTo(replica: ServiceProcess): boolean {
    return this.ready.includes(replica)
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    const replica = this.ready[this.turn++ % this.ready.length]
    if (replica === undefined) throw new Error('no replica is ready')
    return replica.call(method, path, body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ending.abort()
    await this.looking
  }

  private async keepLooking(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const found = await Promise.all(this.replicas.map(async (replica) => ((await isReady(replica)) ? [replica] : [])))
      this.ready = found.flat()
      await pause(betweenLooksMs)
    }
  }
}

async function isReady(replica: ServiceProcess): Promise<boolean> {
  if (!replica.isRunning) return false
  return replica.readiness().then(
    ({ status }) => status === 200,
    () => false,
  )
}
