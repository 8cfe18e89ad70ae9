import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import { type Drift, drifts, type Meddler } from './drift.fixture.ts'
import { MeddledKitter } from './meddled-kitter.fixture.ts'
import { type DifferenceShape, reconcile } from './reconciliation-api.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
let meddler: Meddler

beforeAll(async () => {
  ;({ kitter, look, meddler } = resources.use(await MeddledKitter.start()))
  await kitter.createDomain('moved.example')
  await look.rows(
    `INSERT INTO sandbox.wac_domains SELECT '0123456789abcdef01234567', document || '{"domain": "theirs.example"}'
    FROM sandbox.wac_domains WHERE domain = 'moved.example'`,
  )
})
afterAll(() => resources.disposeAsync())

const usernameOf = (drift: Drift): string => `drift-${drifts.indexOf(drift)}`

function fieldsOf({ fields }: DifferenceShape): readonly string[] {
  return fields.map(({ field }) => field).toSorted()
}

/** All that the three have, in one text. */
async function census(): Promise<string> {
  const tables = ['kitter.users', 'kitter.domains', 'sandbox.wac_users', 'sandbox.wac_domains']
  const rows = []
  for (const table of tables) rows.push(await look.rows(`SELECT * FROM ${table} ORDER BY id`))
  return JSON.stringify([rows, await look.keycloak.everything()])
}

describe('A reconciliation', () => {
  const planted = new Map<Drift, string>()

  it('finds nothing where nothing differs', async () => {
    await meddler.whole('same')
    await kitter.createUser('bare')
    await look.keycloak.giveRole(await meddler.whole('administrator'), 'kitter-viewer')
    const { state, counts, differences } = await reconcile(kitter, { scope: 'quobis' })
    expect({ state, suspects: counts['suspects'], differences }).toEqual({
      state: 'done',
      suspects: 0,
      differences: [],
    })
  })

  it('finds every difference that was planted, and changes nothing', async () => {
    for (const drift of drifts) planted.set(drift, await drift.plant(meddler, usernameOf(drift)))
    const before = await census()
    const { state, differences } = await reconcile(kitter)
    expect(state).toBe('done')
    const users = differences.filter(({ about }) => about === 'user')
    for (const drift of drifts) {
      const found = differences.filter(({ id }) => id === planted.get(drift))
      expect(found, drift.name).toMatchObject([{ about: 'user', ...drift.told, outcome: 'found' }])
      if (drift.fields !== undefined) expect(found.map(fieldsOf), drift.name).toEqual([drift.fields.toSorted()])
    }
    expect(users).toHaveLength(drifts.length)
    expect(await census()).toBe(before)
  })

  it('mends what it may, and leaves what must be asked for', async () => {
    const { differences } = await reconcile(kitter, { apply: true })
    for (const drift of drifts) {
      const [outcome] = drift.outcomes ?? ['mended']
      expect(
        differences.find(({ id }) => id === planted.get(drift)),
        drift.name,
      ).toMatchObject({ outcome })
    }
  })

  it('mends the rest when it is asked for, and changes nothing when it is asked once more', async () => {
    const { differences } = await reconcile(kitter, { apply: true, adopt: true, delete: true })
    const rest = drifts.filter(({ outcomes }) => outcomes !== undefined)
    expect(differences.filter(({ about }) => about === 'user')).toHaveLength(rest.length)
    for (const drift of rest) {
      const { name, outcomes, reason } = drift
      const found = differences.find(({ id }) => id === planted.get(drift))
      expect(found, name).toMatchObject({ outcome: outcomes?.[1], ...(reason !== undefined && { reason }) })
    }
    const before = await census()
    const once = await reconcile(kitter, { apply: true, adopt: true, delete: true })
    expect(once.differences.map(({ outcome }) => outcome)).not.toContain('mended')
    expect(await census()).toBe(before)
  })

  it.each(drifts)('leaves all of the user or nothing of it when $name', async (drift) => {
    expect(await look.usersNamed(usernameOf(drift))).toEqual(drift.places)
    const { body } = await kitter.call('GET', `/users?username=${usernameOf(drift)}&exact=true`)
    expect(body.total).toBe(drift.places.kitter)
    if (drift.shows !== undefined) expect(body.users[0]).toMatchObject(drift.shows)
  })
})
