import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'vitest'
import pg from 'pg'
import type { Timing } from '../../apps/kitter/timing.ts'
import { startWacCoreSandbox } from '../../apps/wac-core-sandbox/start-wac-core-sandbox.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import type { ServiceProcess } from '../e2e/service-process.fixture.ts'
import { until } from '../e2e/until.fixture.ts'
import type { DifferenceShape } from '../wire/native/reconciliation-api.fixture.ts'
import { RequestProxy } from './request-proxy.fixture.ts'
import { StatementProxy } from './statement-proxy.fixture.ts'
import { type Bait, type Moment, Trap, Traps } from './trap.fixture.ts'

interface Replica {
  readonly process: ServiceProcess
  readonly traps: Traps
}

/** Who was caught doing what was waited for. */
export interface Caught {
  readonly replica: Replica
  readonly trap: Trap
}

interface Awaited {
  readonly bait: Bait
  readonly moment: Moment
  readonly by: Replica | undefined
  readonly caught: PromiseWithResolvers<Caught>
}

export interface ReconciliationShape {
  readonly id: string
  readonly state: string
  readonly phase: string
  readonly counts: Readonly<Record<string, number>>
  readonly differences: Readonly<Record<string, number>>
  readonly last_error?: string
}

/** Replicas that carry on each other's work, over one database: each has traps of its own on its ways. */
export class Relay implements AsyncDisposable {
  readonly replicas: Replica[] = []
  private awaited: Awaited | undefined

  private constructor(
    /** The database, past all traps. */
    readonly database: pg.Pool,
    private readonly settings: Readonly<
      Record<'DATABASE_URL' | 'WAC_CORE_URL' | 'WAC_CORE_TOKEN' | 'FAULTS_TIMING', string>
    >,
    private readonly scene: Scene,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(replicas: number, timing: Timing): Promise<Relay> {
    await using opening = new AsyncDisposableStack()
    const scene = opening.use(new Scene())
    const databaseUrl = await scene.database()
    const database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
    database.on('error', () => undefined)
    opening.defer(() => database.end())
    const token = randomUUID()
    const wacCore = opening.adopt(await startWacCoreSandbox({ databaseUrl, token, port: 0 }), (it) => it.stop())
    const settings = {
      DATABASE_URL: databaseUrl,
      WAC_CORE_URL: wacCore.url,
      WAC_CORE_TOKEN: token,
      FAULTS_TIMING: JSON.stringify(timing),
    }
    const relay = new Relay(database, settings, scene, opening.move())
    for (let more = 0; more < replicas; more++) await relay.add()
    return relay
  }

  async add(): Promise<Replica> {
    const traps = new Traps()
    const requests = this.resources.use(await RequestProxy.before(this.settings.WAC_CORE_URL, traps))
    const statements = this.resources.use(await StatementProxy.before(this.settings.DATABASE_URL, traps))
    const ways = {
      DATABASE_URL: statements.url,
      WAC_CORE_URL: requests.url,
      KITTER_DATA_DIR: await this.scene.folder(),
    }
    const entry = join(import.meta.dirname, 'kitter-process.fixture.ts')
    const process_ = await this.scene.start({ ...this.settings, ...ways }, { command: [process.execPath, entry] })
    const replica = { process: process_, traps }
    this.replicas.push(replica)
    if (this.awaited !== undefined) this.trap(replica, this.awaited)
    return replica
  }

  /** Waits for whoever does this first, or for this one, and holds it there. */
  catch(moment: Moment, bait: Bait, by?: Replica): Promise<Caught> {
    const awaited: Awaited = { bait, moment, by, caught: Promise.withResolvers<Caught>() }
    this.awaited = awaited
    for (const replica of this.replicas) this.trap(replica, awaited)
    let found: Caught | undefined
    void awaited.caught.promise.then((caught) => (found = caught))
    return until(`somebody is caught ${moment} ${bait.join()}`, () => found, 30_000)
  }

  /** With this signal, and without waiting for its end: nobody else is killed for it. */
  async end({ process: ending }: Replica, signal: NodeJS.Signals): Promise<void> {
    this.replicas.splice(
      this.replicas.findIndex(({ process: one }) => one === ending),
      1,
    )
    await ending.stop(signal)
  }

  get survivor(): ServiceProcess {
    const [first] = this.replicas
    if (first === undefined) throw new Error('no kitter is left')
    return first.process
  }

  async start(wish: Readonly<Record<string, unknown>>): Promise<string> {
    const reply = await this.survivor.call('POST', '/reconciliations', { scope: 'all', ...wish })
    expect(reply.status, reply.text).toBe(202)
    return (reply.body as { reconciliation: ReconciliationShape }).reconciliation.id
  }

  async read(id: string): Promise<ReconciliationShape> {
    const { body } = await this.survivor.call('GET', `/reconciliations/${id}`)
    return (body as { reconciliation: ReconciliationShape }).reconciliation
  }

  async ended(id: string, within: number): Promise<ReconciliationShape> {
    await until('the reconciliation has ended', async () => (await this.read(id)).state !== 'running', within)
    return this.read(id)
  }

  async differences(id: string): Promise<readonly DifferenceShape[]> {
    const { body } = await this.survivor.call('GET', `/reconciliations/${id}/differences?paginate[max]=1000`)
    return (body as { differences: readonly DifferenceShape[] }).differences
  }

  /** No operation is under way any more. */
  async idle(): Promise<void> {
    const claimed = async (): Promise<number> => (await this.rows('SELECT 1 FROM kitter.operation_claims')).length
    await until('nothing is claimed any more', async () => (await claimed()) === 0)
  }

  async rows<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.database.query(sql, [...values])).rows as Row[]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { traps } of this.replicas) traps.clear()
    for (const replica of [...this.replicas]) await this.end(replica, 'SIGKILL')
    await this.resources.disposeAsync()
  }

  private trap(replica: Replica, awaited: Awaited): void {
    const { bait, moment, by, caught } = awaited
    if (by !== undefined && by !== replica) return
    const trap = replica.traps.set(new Trap(bait, moment))
    void trap.sprung.then(() => {
      if (this.awaited !== awaited) {
        trap.release('pass')
        return
      }
      this.awaited = undefined
      for (const other of this.replicas) if (other !== replica) other.traps.clear()
      caught.resolve({ replica, trap })
    })
  }
}
