import { describe, expect, it } from 'vitest'
import type { Timing } from '../../apps/kitter/timing.ts'
import { until } from '../e2e/until.fixture.ts'
import { Changes } from './changes.fixture.ts'
import { disagreements } from './agreement.fixture.ts'
import { isLong, timing as usual } from './length.fixture.ts'
import { People } from './people.fixture.ts'
import { type Caught, Relay } from './relay.fixture.ts'
import type { Bait, Moment } from './trap.fixture.ts'

const timeout = isLong ? 300_000 : 120_000
const aFewSeconds: Timing = {
  ...usual,
  // nothing comes late here
  recovery: { firstSeconds: 0.25, lateSeconds: 8 },
  reconciliationLeaseSeconds: 1,
  reconciliation: { renewSeconds: 0.25, restSeconds: 0.5 },
}
/** Nobody waits for it. */
const forever: Timing = { ...usual, reconciliationLeaseSeconds: 600 }

type Point = readonly [Moment, Bait]

/** Where it's killed: in this order, which is that of its phases. */
const points: readonly Point[] = [
  // there is one such request: where it's kept from being made, its operation's recovery makes it, on whichever replica
  ['after', ['POST /sapi/domains', 'lost.example']],
  ['before', ['INSERT INTO kitter.reconciliation_differences', '"outcome":"mended"', 'lost.example']],
  ['after', ['INSERT INTO kitter.staged_accounts']],
  ['before', ['INSERT INTO kitter.staged_communications_users']],
  ['before', ['INSERT INTO kitter.suspects']],
  ['after', ['INSERT INTO kitter.suspects']],
  ['before', ['INSERT INTO sandbox.accounts']],
  ['after', ['INSERT INTO sandbox.accounts']],
  ['before', ['PUT /sapi/users/']],
  ['after', ['PUT /sapi/users/']],
  ['before', ['INSERT INTO kitter.reconciliation_differences', '"outcome":"mended"']],
  ['after', ['INSERT INTO kitter.reconciliation_differences', '"outcome":"mended"']],
  ['before', ['DELETE FROM kitter.suspects WHERE reconciliation = $1 AND number']],
]
const inShort = new Set([0, 1, 2, 4, 7, 8, 10])
/** So many that each point still comes by. */
const ofEach = isLong ? 12 : 6
const tried = points.filter((_, index) => isLong || inShort.has(index))

/** Somebody meddles with domains, too. Which. */
async function meddleWithDomains(relay: Relay): Promise<readonly string[]> {
  for (const domain of ['lost.example', 'changed.example'])
    await relay.survivor.call('POST', '/domains', { domain: { domain } })
  await relay.rows("DELETE FROM sandbox.wac_domains WHERE domain = 'lost.example'")
  await relay.rows(
    `UPDATE sandbox.wac_domains SET document = document || '{"origins": ["https://other.example"]}' WHERE domain = 'changed.example'`,
  )
  const rows = await relay.rows<{ id: string }>("SELECT id FROM kitter.domains WHERE name LIKE '%.example'")
  return rows.map(({ id }) => id)
}

async function requireAllMended(relay: Relay, id: string, planted: readonly string[]): Promise<void> {
  const differences = await relay.differences(id)
  expect(differences.filter(({ outcome }) => outcome !== 'mended')).toEqual([])
  expect(differences.map(({ id: subject }) => subject).toSorted()).toEqual(planted.toSorted())
  expect(await relay.rows('SELECT 1 FROM kitter.suspects')).toEqual([])
  await relay.idle()
  expect(await disagreements({ rows: relay.rows.bind(relay), mirror: () => Promise.resolve() })).toEqual([])
}

describe('A reconciliation', () => {
  it('is carried on by others wherever its replica is killed', { timeout }, async () => {
    await using relay = await Relay.open(2, aFewSeconds)
    const planted = [...(await meddleWithDomains(relay))]
    const people = await People.settle(relay.database, 300)
    planted.push(...(await people.meddle(ofEach)))
    const before = await people.untouched()

    let [caught, adding]: [Promise<Caught> | undefined, Promise<unknown>] = [undefined, Promise.resolve()]
    let id: string | undefined
    for (const point of tried) {
      caught = relay.catch(...point)
      id ??= await relay.start({ apply: true })
      const { replica } = await caught
      await adding
      await relay.end(replica, 'SIGKILL')
      adding = relay.add()
    }
    await adding
    const { state, counts } = await relay.ended(id ?? '', 60_000)
    expect(state).toBe('done')
    expect(counts).toMatchObject({
      // whose link is lost is suspected twice: as a user, and as one of wac-core's
      accounts: 300 - ofEach,
      communications_users: 300 - ofEach,
      suspects: 11 * ofEach,
      checked: 11 * ofEach,
      busy: 0,
    })
    await requireAllMended(relay, id ?? '', planted)
    expect(await people.untouched()).toEqual(before)
  })

  it('is carried on at once when its replica stops, and spares what users change meanwhile', { timeout }, async () => {
    await using relay = await Relay.open(2, forever)
    const people = await People.settle(relay.database, 300)
    const planted = await people.meddle(4)
    const before = await people.untouched()
    const scanning = relay.catch('before', ['INSERT INTO kitter.staged_accounts'])
    const id = await relay.start({ apply: true })
    const { replica, trap } = await scanning
    const other = relay.replicas.find((each) => each !== replica)
    if (other === undefined) throw new Error('there is only one replica')
    await using changes = new Changes(other.process)
    await changes.made(20)
    trap.release('pass')

    // the other's are what its callers change
    const { trap: mending } = await relay.catch('before', ['PUT /sapi/users/'], replica)
    const stopped = relay.end(replica, 'SIGTERM')
    mending.release('pass')
    await stopped
    const { state } = await relay.ended(id, 30_000)
    expect(state).toBe('done')
    await changes.made(10)
    expect(await changes.end()).toEqual([])
    await requireAllMended(relay, id, planted)
    expect(await people.untouched()).toEqual(before)
  })

  it('mends nothing more once it is cancelled', { timeout }, async () => {
    await using relay = await Relay.open(2, forever)
    const people = await People.settle(relay.database, 50)
    const planted = await people.meddle(3)
    const mending = relay.catch('before', ['PUT /sapi/users/'])
    const id = await relay.start({ apply: true })
    const { trap } = await mending
    const reply = await relay.survivor.call('POST', `/reconciliations/${id}/cancel`)
    expect(reply.body).toMatchObject({ reconciliation: { state: 'cancelled' } })
    trap.release('pass')
    await until(
      'nothing is staged any more',
      async () => (await relay.rows('SELECT 1 FROM kitter.suspects')).length === 0,
    )
    await relay.idle()
    const { mended = 0, found = 0 } = (await relay.read(id)).differences
    expect(mended).toBeLessThan(planted.length)
    const next = await relay.start({ apply: true })
    expect(await relay.ended(next, 30_000)).toMatchObject({ state: 'done' })
    const left = (await relay.differences(next)).map(({ id: subject }) => subject)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThanOrEqual(planted.length - mended)
    expect(left.length).toBeGreaterThanOrEqual(planted.length - mended - found)
    expect(await disagreements({ rows: relay.rows.bind(relay), mirror: () => Promise.resolve() })).toEqual([])
  })
})
