import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWacCoreSandbox } from '../../../apps/wac-core-sandbox/start-wac-core-sandbox.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { csv, ImportsApi, verdicts } from './imports-api.fixture.ts'

const patience = { timeout: 20_000, interval: 30 }

/** A kitter over a wac-core that may go away. */
class Scene implements AsyncDisposable {
  readonly imports: ImportsApi

  private constructor(
    readonly kitter: TestKitter,
    readonly look: DatabaseLook,
    private readonly wacCore: { readonly url: string; readonly token: string },
    private readonly resources: AsyncDisposableStack,
  ) {
    this.imports = new ImportsApi(kitter)
  }

  static async open(times: { readonly mostTries: number }): Promise<Scene> {
    await using opening = new AsyncDisposableStack()
    const database = await createTestDatabase()
    opening.defer(() => database.drop())
    const token = randomUUID()
    const { url } = opening.adopt(await startWacCoreSandbox({ databaseUrl: database.url, token, port: 0 }), (it) =>
      it.stop(),
    )
    const settings = { DATABASE_URL: database.url, WAC_CORE_URL: url, WAC_CORE_TOKEN: token }
    const timing = { imports: { restSeconds: 0.2, ...times }, recovery: { firstSeconds: 0.25, lateSeconds: 2 } }
    const kitter = opening.use(await TestKitter.start(settings, undefined, undefined, timing))
    const look = opening.use(await DatabaseLook.into(kitter))
    await kitter.createDomain('home.example')
    return new Scene(kitter, look, { url, token }, opening.move())
  }

  /** What shall go wrong at wac-core, and nothing of what was ordered before. */
  async order(fault: object): Promise<void> {
    await this.faults('DELETE')
    await this.faults('POST', fault)
  }

  private async faults(method: string, fault?: object): Promise<void> {
    const headers = { authorization: `Bearer ${this.wacCore.token}` }
    const content = fault && {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    }
    const answer = await fetch(`${new URL(this.wacCore.url).origin}/faults`, { method, headers, ...content })
    expect(answer.ok).toBe(true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}

const resources = new AsyncDisposableStack()
let patient: Scene
let hasty: Scene

beforeAll(async () => {
  patient = resources.use(await Scene.open({ mostTries: 1000 }))
  hasty = resources.use(await Scene.open({ mostTries: 2 }))
})
afterAll(() => resources.disposeAsync())

function fileOf(name: string, count: number): string {
  return csv('username,domain', ...Array.from({ length: count }, (_, index) => `${name}${index},home.example`))
}

describe('An import whose system is away', () => {
  it('waits, and goes on by itself', { timeout: 60_000 }, async () => {
    const { imports, kitter, look } = patient
    const id = await imports.start(fileOf('waits', 200))
    await expect.poll(async () => (await imports.read(id)).rows.created, patience).toBeGreaterThan(0)
    await patient.order({ refuseMs: 1500 })
    const { state, rows } = await imports.ended(id, 50_000)
    expect([state, rows.created, rows.refused]).toEqual(['done', 200, 0])
    expect((await kitter.call('GET', '/users?username=waits')).body.total).toBe(200)
    expect(await look.count('sandbox.wac_users', `document ->> 'username' LIKE 'waits%'`)).toBe(200)
  })

  it('is paused in the end, and goes on when it is resumed', { timeout: 60_000 }, async () => {
    const { imports, look } = hasty
    await hasty.order({ refuseMs: 8000 })
    const id = await imports.start(fileOf('paused', 20))
    const paused = { state: 'paused', last_error: 'wac-core does not answer. Nothing was changed.' }
    await expect.poll(() => imports.read(id), patience).toMatchObject(paused)
    expect(await look.count('kitter.import_chunks', 'import = $1', id)).toBe(1)
    await expect
      .poll(() => hasty.order({ route: 'GET /capabilities', times: 1, status: 500 }), patience)
      .toBeUndefined()
    expect(await imports.call('POST', `/imports/${id}/resume`)).toMatchObject({ status: 200 })
    const { state, rows } = await imports.ended(id)
    expect([state, rows.created]).toEqual(['done', 20])
    expect((await imports.call('POST', `/imports/${id}/resume`)).body.code).toBe('import.not_paused')
    expect(await look.count('kitter.import_chunks', 'import = $1', id)).toBe(0)
  })

  it('lets go of its file when it is cancelled', { timeout: 60_000 }, async () => {
    const { imports, look } = hasty
    await hasty.order({ refuseMs: 8000 })
    const id = await imports.start(fileOf('given.up', 20))
    await expect.poll(() => imports.read(id), patience).toMatchObject({ state: 'paused' })
    expect((await imports.call('POST', `/imports/${id}/cancel`)).body.import).toMatchObject({ state: 'cancelled' })
    expect(await look.count('kitter.import_chunks', 'import = $1', id)).toBe(0)
    expect((await imports.call('POST', `/imports/${id}/cancel`)).body.code).toBe('import.ended')
  })
})

describe('An import that is cancelled', () => {
  it('tells of every row that was done by then, and begins none after', { timeout: 60_000 }, async () => {
    const { imports, look } = patient
    const id = await imports.start(fileOf('cancelled', 2000))
    await expect.poll(async () => (await imports.read(id)).rows.created, patience).toBeGreaterThan(0)
    await imports.call('POST', `/imports/${id}/cancel`)
    const created = () => look.count('kitter.users', `username LIKE 'cancelled%'`)
    await expect.poll(() => look.count('kitter.operations', `state = 'open'`), patience).toBe(0)
    const untold = async () => (await created()) - (await imports.read(id)).rows.created
    await expect.poll(untold, patience).toBe(0)
    expect(await created()).toBeLessThan(2000)
    expect(await imports.read(id)).toMatchObject({ state: 'cancelled' })
    expect(await look.count('kitter.import_chunks', 'import = $1', id)).toBe(0)
  })

  it(
    'tells of those, too, that stand behind one that waited for another of its name',
    { timeout: 60_000 },
    async () => {
      const { imports, look } = patient
      await patient.order({ route: 'POST /users', latencyMs: 700, times: 96 })
      const names = Array.from({ length: 500 }, (_, index) => `twin${index}`)
      const lines = names.flatMap((name, index) => (index % 10 === 0 ? [name, name] : [name]))
      const id = await imports.start(csv('username,domain', ...lines.map((name) => `${name},home.example`)))
      await expect.poll(() => look.count('kitter.operations', `state = 'open'`), patience).toBeGreaterThan(30)
      await imports.call('POST', `/imports/${id}/cancel`)
      await expect.poll(() => look.count('kitter.operations', `state = 'open'`), patience).toBe(0)
      const created = await look.count('kitter.users', `username LIKE 'twin%'`)
      expect(created).toBeGreaterThan(30)
      await expect.poll(async () => (await imports.read(id)).rows.created, patience).toBe(created)
      expect((await imports.rows(id)).length).toBeLessThan(lines.length)
    },
  )
})

describe('A row whose change is not answered', () => {
  it('is looked at again until it is settled', { timeout: 60_000 }, async () => {
    const { imports } = patient
    await patient.order({ route: 'POST /users', status: 503, times: 2 })
    const { told, rows } = await imports.run(fileOf('unanswered', 5))
    expect(verdicts(told)).toEqual(Array(5).fill('created'))
    expect(rows).toMatchObject({ created: 5, unsettled: 0 })
  })
})

describe('A row whose domain somebody is creating', () => {
  it('waits for them, and then lives there', { timeout: 60_000 }, async () => {
    const { imports, kitter, look } = patient
    await patient.order({ route: 'POST /domains', latencyMs: 1500, times: 1 })
    const creating = kitter.createDomain('fresh.example')
    const claims = () => look.count('kitter.operation_claims', `key = 'domain-name:fresh.example'`)
    await expect.poll(claims, patience).toBe(1)
    const file = csv('username,domain', 'fresh1,fresh.example', 'fresh2,fresh.example')
    const { told, domains_created: created } = await imports.run(file, { query: 'create_domains=true' })
    expect([verdicts(told), created]).toEqual([['created', 'created'], 0])
    await creating
  })
})

describe('A row whose name somebody is taking', () => {
  it('waits for them, however long that takes, and then finds the user there', { timeout: 60_000 }, async () => {
    const { imports, kitter, look } = patient
    await patient.order({ route: 'POST /users', latencyMs: 4000, times: 1 })
    const attributes = { domain: 'home.example' }
    const creating = kitter.createUser('raced', { attributes })
    await expect.poll(() => look.count('kitter.operation_claims', `key LIKE 'login:raced%'`), patience).toBe(1)
    const { told } = await imports.run(csv('username,domain', 'raced,home.example', 'beside,home.example'))
    expect(verdicts(told)).toEqual(['skipped', 'created'])
    await creating
  })
})
