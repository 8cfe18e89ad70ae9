import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrations, openDatabase } from '#infrastructure/postgres'
import { emptyDatabase, run } from '../postgres/test-postgres.fixture.ts'
import { BackgroundJobs } from './background-jobs.ts'

const patience = { timeout: 15_000, interval: 20 }

let url: string
let resources: AsyncDisposableStack
beforeEach(async () => {
  resources = new AsyncDisposableStack()
  url = await emptyDatabase(resources)
})
afterEach(() => resources.disposeAsync())

/** A replica's background jobs, over a pool of its own. */
async function replica(): Promise<BackgroundJobs> {
  const database = await openDatabase({ url, schema: 'kitter', migrations })
  resources.defer(() => database.close())
  const jobs = new BackgroundJobs(database)
  await jobs.start()
  resources.defer(() => jobs.stop())
  return jobs
}

function counted(): { readonly times: number[]; readonly work: () => Promise<void> } {
  const times: number[] = []
  return {
    times,
    work: () => {
      times.push(performance.now())
      return Promise.resolve()
    },
  }
}

describe('background jobs', () => {
  it('are done again and again', async () => {
    const { times, work } = counted()
    await (await replica()).every(1, 'count', work)
    await expect.poll(() => times.length, patience).toBeGreaterThanOrEqual(4)
  })

  it('go on after a work that failed', async () => {
    let count = 0
    const work = (): Promise<void> => {
      count++
      return Promise.reject(new Error('no'))
    }
    await (await replica()).every(1, 'failing', work)
    await expect.poll(() => count, patience).toBeGreaterThanOrEqual(3)
  })

  it('of one name come together no more often with several replicas than with one for each', async () => {
    const counts = [counted(), counted()]
    for (const { work } of counts) await (await replica()).every(1, 'count', work)
    const all = (): number => counts.flatMap(({ times }) => times).length
    await expect.poll(all, patience).toBeGreaterThanOrEqual(6)
    const times = counts.flatMap((each) => each.times).toSorted((one, other) => one - other)
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000
    expect(times.length).toBeLessThanOrEqual(2 * (seconds + 2))
  })

  it('are done by the other replica when one stops', async () => {
    const [one, other] = [counted(), counted()]
    const stopping = await replica()
    await stopping.every(1, 'count', one.work)
    await (await replica()).every(1, 'count', other.work)
    await stopping.stop()
    const [last, before] = [one.times.length, other.times.length]
    await expect.poll(() => other.times.length, patience).toBeGreaterThanOrEqual(before + 3)
    expect(one.times).toHaveLength(last)
  })

  it('can start at once on any number of replicas', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => replica()))
    const counts = all.map(() => counted())
    await Promise.all(all.map((jobs, index) => jobs.every(1, 'count', counts[index]?.work ?? fail)))
    await expect.poll(() => counts.flatMap(({ times }) => times).length, patience).toBeGreaterThanOrEqual(4)
  })

  it('leave no connection of the pool in a state in which nobody can use it', async () => {
    const database = await openDatabase({ url, schema: 'kitter', migrations })
    resources.defer(() => database.close())
    const all = Array.from({ length: 4 }, () => new BackgroundJobs(database))
    await Promise.all(all.map((jobs) => jobs.start()))
    for (const jobs of all) resources.defer(() => jobs.stop())
    await Promise.all(all.map((jobs) => jobs.every(1, 'count', () => Promise.resolve())))
    await Promise.all(Array.from({ length: 40 }, () => database.rows('SELECT pg_sleep(0.01)')))
  })

  it('of different names are done beside each other', async () => {
    const gate = Promise.withResolvers<undefined>()
    resources.defer(() => gate.resolve(undefined))
    const { times, work } = counted()
    const jobs = await replica()
    await jobs.every(1, 'slow', () => gate.promise)
    await jobs.every(1, 'count', work)
    await expect.poll(() => times.length, patience).toBeGreaterThanOrEqual(3)
    gate.resolve(undefined)
  })

  it('go on by themselves when the database was away for a moment', async () => {
    const { times, work } = counted()
    await (await replica()).every(1, 'count', work)
    await expect.poll(() => times.length, patience).toBeGreaterThanOrEqual(1)
    const name = new URL(url).pathname.slice(1)
    const other = new URL(url)
    other.pathname = 'postgres'
    await run(other.href, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await run(other.href, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', name)
    const awayUntil = performance.now() + 2500
    await expect.poll(() => performance.now(), patience).toBeGreaterThan(awayUntil)
    await run(other.href, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    const back = performance.now()
    await expect.poll(() => times.filter((time) => time > back).length, patience).toBeGreaterThanOrEqual(3)
  })

  it('wait for the work that is under way when they stop, and leave nothing behind that ticks', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const entered = Promise.withResolvers<undefined>()
    const [gate, done] = [Promise.withResolvers<undefined>(), randomUUID()]
    const ended: string[] = []
    const database = await openDatabase({ url, schema: 'kitter', migrations })
    const jobs = new BackgroundJobs(database)
    await jobs.start()
    await jobs.every(1, 'slow', async () => {
      entered.resolve(undefined)
      await gate.promise
      ended.push(done)
    })
    await entered.promise
    const stopping = jobs.stop().then(() => ended.push('stopped'))
    gate.resolve(undefined)
    await stopping
    expect(ended).toEqual([done, 'stopped'])
    await database.close()
    // a poll would be a timer itself
    const end = performance.now() + patience.timeout
    while (timers() > before && performance.now() < end) await setImmediate()
    expect(timers()).toBeLessThanOrEqual(before)
  })

  it('live in a schema of their own', async () => {
    await (await replica()).every(1, 'count', () => Promise.resolve())
    const schemas = await run<{ readonly name: string }>(
      url,
      "SELECT DISTINCT schemaname AS name FROM pg_tables WHERE tableowner = current_user AND schemaname !~ '^pg_|^information' ORDER BY 1",
    )
    expect(schemas.map(({ name }) => name)).toEqual(['audit', 'jobs', 'kitter'])
  })
})

function fail(): never {
  throw new Error('no work')
}
