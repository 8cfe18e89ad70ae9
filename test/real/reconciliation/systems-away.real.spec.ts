import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Meddling, MeddlingProxy } from '../../support/meddling-proxy.ts'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { ended, reconcile, start } from '../../wire/native/reconciliation-api.fixture.ts'
import { BadDay } from '../bad-days/bad-day.fixture.ts'

const reconciliation = { restSeconds: 0.2, mostTries: 2 }
const restarting: Meddling = { status: 503, contentType: 'text/html', body: '<h1>503 Service Unavailable</h1>' }

describeWith('keycloak', 'A reconciliation', () => {
  const resources = new AsyncDisposableStack()
  let day: BadDay
  let kitter: TestKitter
  let wacCoreCalls: MeddlingProxy
  beforeAll(async () => {
    day = resources.use(await BadDay.dawn())
    const { admin, realm } = day.realm
    await admin.realms.update({ realm }, { eventsEnabled: false, adminEventsEnabled: false })
    wacCoreCalls = resources.use(await MeddlingProxy.start(day.wacCore.url))
    kitter = await day.kitter({ WAC_CORE_URL: wacCoreCalls.url }, { reconciliation })
    for (let user = 0; user < 30; user++) await kitter.createUser(`user-${user}`, { first_name: 'First' })
  })
  afterAll(() => resources.disposeAsync())
  afterEach(() => {
    for (const calls of [day.keycloakCalls, wacCoreCalls]) calls.meddler = () => undefined
  })

  /** Does it so often to requests that look so, then lets them pass. How often is left. */
  function meddle(calls: MeddlingProxy, wanted: RegExp, meddling: Meddling, times: number): { left: number } {
    const counted = { left: times }
    calls.meddler = (line) => (wanted.test(line) && counted.left-- > 0 ? meddling : undefined)
    return counted
  }

  /** How often it couldn't go on since the last time. */
  function interrupted(): number {
    return day.log.taken().filter(({ msg }) => msg === 'a reconciliation goes on later').length
  }

  /** Somebody meddles with this user. Its id. */
  async function planted(username: string): Promise<string> {
    const { id } = await kitter.createUser(username, { first_name: 'First' })
    await day.realm.admin.users.update({ id }, { firstName: 'Other' })
    return id
  }

  async function lastError(id: string): Promise<unknown> {
    return (await kitter.call('GET', `/reconciliations/${id}`)).body.reconciliation.last_error
  }

  const interruptions: readonly (readonly [string, () => { left: number }])[] = [
    ["wac-core's list breaks off", () => meddle(wacCoreCalls, /^GET .*\/users$/, 'drop midway', 1)],
    ["Keycloak's list can't be had", () => meddle(day.keycloakCalls, /^GET .*\/users\/?$/, restarting, 3)],
    [
      'Keycloak is away while users are looked at',
      () => meddle(day.keycloakCalls, /^GET .*\/users\/[0-9a-f-]{36}$/, restarting, 3),
    ],
  ]

  it.for(interruptions)('goes on when %s for a while', async ([name, interrupt], { task }) => {
    const id = await planted(`planted-${task.id}`)
    const counted = interrupt()
    day.log.taken()
    const { state, differences } = await reconcile(kitter, { apply: true })
    expect(counted.left, name).toBeLessThanOrEqual(0)
    expect(interrupted()).toBeGreaterThan(0)
    expect(state).toBe('done')
    expect(differences.filter(({ outcome }) => outcome === 'mended')).toMatchObject([{ id, remedy: 'align' }])
  })

  it('has as many tries again once it has got on', async () => {
    const id = await planted('far')
    const [lists, looks] = [{ left: 2 }, { left: 3 }]
    wacCoreCalls.meddler = (line) => {
      if (/^GET .*\/users$/.test(line) && lists.left-- > 0) return 'drop midway'
      return /^GET .*\/users\/\w+$/.test(line) && looks.left-- > 0 ? 'drop before' : undefined
    }
    const { state, differences } = await reconcile(kitter, { apply: true })
    expect([lists.left, looks.left].every((left) => left < 0)).toBe(true)
    expect(state).toBe('done')
    expect(differences.filter(({ outcome }) => outcome === 'mended')).toMatchObject([{ id }])
  })

  describe('that meets a system that stays away', () => {
    it.for([
      ['wac-core', () => meddle(wacCoreCalls, /\/users/, 'drop before', Infinity)],
      ['Keycloak', () => meddle(day.keycloakCalls, /\/users/, restarting, Infinity)],
    ] as const)('fails, and says that it was %s', async ([system, interrupt], { task }) => {
      const id = await planted(`left-${task.id}`)
      interrupt()
      const started = (await start(kitter, { apply: true })).body.reconciliation.id
      expect(await ended(kitter, started)).toMatchObject({ state: 'failed', differences: [] })
      expect(await lastError(started)).toMatch(new RegExp(`^${system} .*answer`))
      for (const calls of [day.keycloakCalls, wacCoreCalls]) calls.meddler = () => undefined
      const { state, differences } = await reconcile(kitter, { apply: true })
      expect(state).toBe('done')
      expect(differences.filter(({ outcome }) => outcome === 'mended')).toMatchObject([{ id }])
    })
  })
})
