import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { startWacCoreSandbox } from '../../apps/wac-core-sandbox/start-wac-core-sandbox.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import type { ServiceProcess } from '../e2e/service-process.fixture.ts'
import { until } from '../e2e/until.fixture.ts'
import { timing } from './length.fixture.ts'
import { RequestProxy } from './request-proxy.fixture.ts'
import { StatementProxy } from './statement-proxy.fixture.ts'
import { RealKeycloak } from './real-keycloak.fixture.ts'
import { type Bait, Traps } from './trap.fixture.ts'

const realBaits: Readonly<Record<string, string>> = {
  'INSERT INTO sandbox.accounts': '/partialImport ',
  'UPDATE sandbox.accounts': 'PUT /admin/realms/',
  'DELETE FROM sandbox.accounts': 'DELETE /admin/realms/',
  'DELETE FROM sandbox.sessions': '/logout',
}

/** What a caller hears: nothing where the connection breaks. */
export interface Heard {
  readonly status: number | undefined
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  readonly body: any
  readonly replayed: string | null
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly key?: string
}

/**
 * kitters that can be killed, over one database, with traps on the ways to Postgres, where the stand-in for Keycloak lives
 * as well, and to wac-core.
 */
export class Lab implements AsyncDisposable {
  readonly replicas: ServiceProcess[] = []
  private token = ''

  private constructor(
    /** The database, past all traps. */
    readonly database: pg.Pool,
    readonly traps: Traps,
    readonly statements: StatementProxy,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly scene: Scene,
    private readonly resources: AsyncDisposableStack,
    private readonly keycloak: RealKeycloak | undefined,
  ) {}

  static async open(replicas: number, settings: Readonly<Record<string, string>> = {}, isReal = false): Promise<Lab> {
    await using opening = new AsyncDisposableStack()
    const scene = opening.use(new Scene())
    const databaseUrl = await scene.database()
    const database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
    database.on('error', () => undefined)
    opening.defer(() => database.end())
    const token = randomUUID()
    const wacCore = opening.adopt(await startWacCoreSandbox({ databaseUrl, token, port: 0 }), (it) => it.stop())
    const traps = new Traps()
    const requests = opening.use(await RequestProxy.before(wacCore.url, traps))
    const statements = opening.use(await StatementProxy.before(databaseUrl, traps))
    const systems = { DATABASE_URL: statements.url, WAC_CORE_URL: requests.url, WAC_CORE_TOKEN: token }
    const keycloak = isReal ? opening.use(await RealKeycloak.behind(traps)) : undefined
    const all = { ...systems, ...keycloak?.settings, ...settings }
    const lab = new Lab(database, traps, statements, all, scene, opening.move(), keycloak)
    if (keycloak !== undefined) lab.token = await keycloak.adminToken()
    await lab.add()
    for (let more = 1; more < replicas; more++) await lab.add()
    return lab
  }

  async add(): Promise<ServiceProcess> {
    const entry = join(import.meta.dirname, 'kitter-process.fixture.ts')
    const settings = {
      FAULTS_TIMING: JSON.stringify(timing),
      ...this.settings,
      KITTER_DATA_DIR: await this.scene.folder(),
    }
    const command = [process.execPath, entry] as const
    const replica = await this.scene.start(settings, { command: [...command] })
    this.token ||= replica.adminToken
    this.replicas.push(replica)
    return replica
  }

  /** Without a chance to say anything. */
  async kill(replica: ServiceProcess): Promise<void> {
    this.replicas.splice(this.replicas.indexOf(replica), 1)
    await replica.stop('SIGKILL')
  }

  async call(replica: ServiceProcess | undefined, { method, path, body, key }: Call): Promise<Heard> {
    const headers = { authorization: `Bearer ${this.token}`, ...(key !== undefined && { 'idempotency-key': key }) }
    try {
      const reply = await (replica ?? this.survivor).call(method, path, body, headers)
      return { status: reply.status, body: reply.body, replayed: reply.headers.get('idempotency-replayed') }
    } catch {
      return { status: undefined, body: undefined, replayed: null }
    }
  }

  get isReal(): boolean {
    return this.keycloak !== undefined
  }

  /** What is asked of the sandbox is asked otherwise of the real one. */
  baitOf(bait: Bait): Bait {
    return this.keycloak === undefined ? bait : bait.map((part) => realBaits[part] ?? part)
  }

  /** Has the accounts of the real Keycloak where those of the sandbox are looked for. */
  async mirror(): Promise<void> {
    await this.keycloak?.mirrorTo(this.database)
  }

  async createDomain(domain: string): Promise<void> {
    await this.call(undefined, { method: 'POST', path: '/domains', body: { domain: { domain } } })
  }

  get survivor(): ServiceProcess {
    const last = this.replicas.at(-1)
    if (last === undefined) throw new Error('no kitter is left')
    return last
  }

  async rows<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.database.query(sql, [...values])).rows as Row[]
  }

  /** No operation is under way any more, and none waits to be settled. */
  async settled(within: number): Promise<void> {
    const left = `SELECT kind, state, reason, steps FROM kitter.operations WHERE state NOT IN ('done', 'undone')`
    let last: readonly unknown[] = []
    await until(
      'all operations are settled',
      async () => {
        last = await this.rows(left)
        return last.length === 0
      },
      within,
    ).catch((error: unknown) => {
      throw new Error(JSON.stringify(last, undefined, 1), { cause: error })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.traps.clear()
    for (const replica of [...this.replicas]) await this.kill(replica)
    await this.resources.disposeAsync()
  }
}
