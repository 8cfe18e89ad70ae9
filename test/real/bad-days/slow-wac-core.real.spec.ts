import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, readinessOf } from './bad-day.fixture.ts'

const latencyMs = 30_000
const mebibyte = 1024 * 1024

describeWith('keycloak', 'While wac-core takes 30 seconds for a create', () => {
  let day: BadDay
  let kitter: TestKitter
  let userId: string
  beforeAll(async () => {
    day = await BadDay.dawn()
    kitter = await day.kitter()
    userId = (await kitter.createUser('settled')).id
  })
  afterAll(() => day[Symbol.asyncDispose]())

  it('fifty creates end by the time-out, and everything else goes on as ever', { timeout: 60_000 }, async () => {
    await timesOf(20, () => kitter.call('GET', '/users'))
    const calm = p95(await timesOf(100, () => kitter.call('GET', '/users')))
    const heap = used()

    day.wacCore.faults.order({ route: 'POST /users', latencyMs })
    let hanging = 50
    const creates = Array.from({ length: hanging }, async (_, index) => {
      const begun = performance.now()
      const { status } = await kitter.call('POST', '/users', { body: { user: { username: `slow-${index}` } } })
      hanging--
      return { username: `slow-${index}`, status, ms: performance.now() - begun }
    })
    const reads = await timesOf(100, () => kitter.call('GET', '/users'))
    const passwords = await timesOf(5, () =>
      kitter.call('PATCH', `/users/${userId}`, { body: { credentials: { password: 'new' } } }),
    )
    const readiness = await timesOf(5, () => readinessOf(kitter))
    expect(
      hanging,
      'those that have a place at wac-core; the others may have learnt by now that none was free',
    ).toBeGreaterThanOrEqual(16)
    const grown = (used() - heap) / mebibyte

    const ended = await Promise.all(creates)
    const slowest = Math.max(...ended.map(({ ms }) => ms))

    expect(p95(reads)).toBeLessThan(Math.max(10 * calm, 100))
    expect(Math.max(...passwords)).toBeLessThan(2000)
    expect(Math.max(...readiness)).toBeLessThan(3500)
    expect(Math.max(...readiness.slice(1))).toBeLessThan(1000)
    expect(grown).toBeLessThan(64)
    // the time-out is 10 s
    expect(slowest).toBeLessThan(15_000)
    for (const { status } of ended) expect([503, 504]).toContain(status)

    day.wacCore.faults.clear()
    const refused = ended.filter(({ status }) => status === 503)
    for (const { username } of refused.slice(0, 5)) {
      expect(await day.whereabouts(kitter, username)).toEqual(nowhere)
      await kitter.createUser(username)
      expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
    }
  })
})

/** Without what nobody holds any more. */
function used(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  return process.memoryUsage().heapUsed
}

async function timesOf(count: number, ask: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (let call = 0; call < count; call++) {
    const begun = performance.now()
    await ask()
    times.push(performance.now() - begun)
  }
  return times
}

function p95(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? 0
}
