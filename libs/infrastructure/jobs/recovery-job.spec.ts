import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperationKinds, Recovery, RecoveryPace } from '#core/provisioning'
import { TestPostgres } from '../postgres/test-postgres.fixture.ts'
import { BackgroundJobs } from './background-jobs.ts'
import { RecoveryJob } from './recovery-job.ts'

const patience = { timeout: 20_000, interval: 20 }
const leaseSeconds = 1

let postgres: TestPostgres
let resources: AsyncDisposableStack
let undone: { readonly id: string; readonly at: number }[]
let gate: PromiseWithResolvers<undefined>
beforeEach(async () => {
  resources = new AsyncDisposableStack()
  postgres = resources.use(await TestPostgres.start())
  undone = []
  gate = Promise.withResolvers()
})
afterEach(() => {
  gate.resolve(undefined)
  return resources.disposeAsync()
})

/** A replica that settles what others leave. */
async function replica(ownLeaseSeconds = leaseSeconds): Promise<void> {
  const kinds = new OperationKinds()
  kinds.add({
    name: 'test',
    settling: () => 'undo',
    steps: ({ id, hangs }: { readonly id: string; readonly hangs: boolean }) => [
      {
        name: 'step',
        do: (state) => Promise.resolve(state),
        undo: async () => {
          if (hangs) await gate.promise
          undone.push({ id, at: Date.now() })
        },
      },
    ],
    commit: () => Promise.resolve(),
    change: () => ({}),
  })
  const recovery = new Recovery(postgres.operations(ownLeaseSeconds), kinds, new RecoveryPace({ lateSeconds: 0 }))
  const job = new RecoveryJob(new BackgroundJobs(postgres.database), recovery)
  await job.onApplicationBootstrap()
  resources.defer(() => job.onApplicationShutdown())
}

/** An operation in the midst of its step, whose replica has just died. */
async function left(hangs = false): Promise<string> {
  const id = randomUUID()
  const operations = postgres.operations(leaseSeconds)
  const actor = { subject: 'someone', name: 'someone', role: 'kitter-admin' } as const
  await operations.begin({ id, kind: 'test', subject: id, actor, claims: [] })
  const step = { name: 'step', state: 'begun', tries: 1, begunAt: new Date().toISOString() } as const
  await operations.note({ id, turn: 0 }, { state: {}, steps: [step] }, { id, hangs })
  return id
}

/** Milliseconds from the end of its lease, once it is undone: it's due every second, and looked for twice as often. */
async function waitedFor(id: string, leaseEnds: number): Promise<number> {
  const sql = "SELECT FROM kitter.operations WHERE id = $1 AND state = 'undone'"
  await expect.poll(async () => (await postgres.database.rows(sql, id)).length, patience).toBe(1)
  return (undone.find((each) => each.id === id)?.at ?? Infinity) - leaseEnds
}

/** Two seconds, unless the machine is busy with something else. */
function expectSoon(waits: readonly number[]): void {
  expect(Math.min(...waits)).toBeLessThan(2000)
  expect(Math.max(...waits)).toBeLessThan(3000)
}

async function open(): Promise<number> {
  const [counted] = await postgres.database.rows<{ readonly count: number }>(
    "SELECT count(*)::int AS count FROM kitter.operations WHERE state <> 'undone'",
  )
  return counted?.count ?? 0
}

describe('an operation that was left', () => {
  it('is settled within two seconds after its lease', async () => {
    await replica()
    const waits: number[] = []
    for (let time = 0; time < 3; time++) waits.push(await waitedFor(await left(), Date.now() + leaseSeconds * 1000))
    expectSoon(waits)
  })

  it('is settled as soon beside one that hangs', async () => {
    const hanging = await left(true)
    await replica()
    const stateOf = async (id: string): Promise<string | undefined> =>
      (
        await postgres.database.rows<{ readonly state: string }>(
          'SELECT state FROM kitter.operations WHERE id = $1',
          id,
        )
      )
        .map(({ state }) => state)
        .at(0)
    await expect.poll(() => stateOf(hanging), patience).toBe('settling')
    const waits: number[] = []
    for (let time = 0; time < 2; time++) waits.push(await waitedFor(await left(), Date.now() + leaseSeconds * 1000))
    expectSoon(waits)
    expect(undone.map(({ id }) => id)).not.toContain(hanging)
  })

  it('is settled soon also when many were left, each once, by any number of replicas', async () => {
    for (let count = 0; count < 60; count++) await left()
    const lastLeaseEnds = Date.now() + leaseSeconds * 1000
    // a lease longer than settling takes: nobody takes one over from the other
    await Promise.all([replica(10), replica(10)])
    const begun = Math.max(lastLeaseEnds, Date.now())
    await expect.poll(open, patience).toBe(0)
    expect(Date.now() - begun).toBeLessThan(5000)
    expect(new Set(undone.map(({ id }) => id)).size).toBe(60)
    expect(undone).toHaveLength(60)
  })

  it('before any replica was there is settled by the first that comes', async () => {
    const id = await left()
    await replica()
    await expect.poll(open, patience).toBe(0)
    expect(undone.map((each) => each.id)).toEqual([id])
  })
})
