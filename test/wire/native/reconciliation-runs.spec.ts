import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import type { Meddler } from './drift.fixture.ts'
import { HeldClaim } from './held-claim.fixture.ts'
import { MeddledKitter } from './meddled-kitter.fixture.ts'
import { type DifferenceShape, ended, patience, reconcile, start, stateOf } from './reconciliation-api.fixture.ts'
import { invalidBecause, refusal } from './refusal.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
let meddler: Meddler

beforeAll(async () => {
  ;({ kitter, look, meddler } = resources.use(await MeddledKitter.start()))
})
afterAll(() => resources.disposeAsync())

const users: string[] = []

/** The next test finds nothing running and nothing that differs. */
afterEach(async () => {
  const [latest] = (await kitter.call('GET', '/reconciliations?paginate[max]=1')).body.reconciliations
  if (latest?.state === 'running') await cancel(latest.id)
  for (const id of users.splice(0)) expect((await kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
})

/** A user whose first name somebody changed in Keycloak. */
async function drifted(username: string, domain = 'quobis'): Promise<string> {
  const id = await meddler.whole(username, domain)
  users.push(id)
  await look.keycloak.changeAccount(id, { firstName: 'Other' })
  return id
}

const read = async (id: string): Promise<Answer['body']> =>
  (await kitter.call('GET', `/reconciliations/${id}`)).body.reconciliation
const cancel = (id: string): Promise<Answer> => kitter.call('POST', `/reconciliations/${id}/cancel`)
const firstNameOf = async (id: string): Promise<string> =>
  (await kitter.call('GET', `/users/${id}`)).body.user.first_name

async function differencesOf(id: string, query = ''): Promise<{ names: readonly string[]; total: number }> {
  const { body } = await kitter.call('GET', `/reconciliations/${id}/differences?${query}`)
  return { names: body.differences.map(({ name }: DifferenceShape) => name), total: body.total }
}

type Busy = AsyncDisposable & { readonly user: string }

/** A user who differs and is busy until that's let go: no reconciliation ends before. */
async function busyUser(): Promise<Busy> {
  const user = await drifted(`busy-${randomUUID()}`)
  const claim = await HeldClaim.of(look, `user:${user}`)
  return { user, [Symbol.asyncDispose]: () => claim[Symbol.asyncDispose]() }
}

/** One that can't end. */
async function held(wish: object = {}): Promise<Busy & { readonly id: string }> {
  const busy = await busyUser()
  return { ...busy, id: (await start(kitter, wish)).body.reconciliation.id }
}

const running = refusal(
  409,
  'reconciliation.running',
  'Another reconciliation is running. Wait until it is done, or cancel it.',
)

describe('A reconciliation', () => {
  it('tells what was asked for, who asked, and how far it is', async () => {
    const started = await start(kitter, { scope: 'QUOBIS', adopt: true })
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const wish = { scope: 'quobis', apply: false, adopt: true, delete: false, force: false }
    const begun = {
      ...{ id: expect.any(String), ...wish, state: 'running', phase: 'domains' },
      counts: { accounts: 0, communications_users: 0, suspects: 0, checked: 0, busy: 0 },
      differences: { found: 0, mended: 0, left: 0, refused: 0, unsettled: 0 },
      ...{ started_by: { id: expect.any(String), name: 'kitter-admin' }, started_at: time },
    }
    expect(started).toMatchObject({ status: 202, body: { reconciliation: begun } })
    expect(Object.keys(started.body.reconciliation).toSorted()).toEqual(Object.keys(begun).toSorted())
    const { id, started_by } = started.body.reconciliation
    await ended(kitter, id)
    expect(await read(id)).toMatchObject({ ...wish, id, started_by, state: 'done', phase: 'users', ended_at: time })
  })

  it('runs alone', async () => {
    await using one = await held()
    expect(await start(kitter)).toEqual(running)
    expect(await start(kitter, { scope: 'quobis', apply: true })).toEqual(running)
    await cancel(one.id)
    await ended(kitter, one.id)
  })

  it('runs alone, also when several are started at once', async () => {
    await using busy = await busyUser()
    const answers = await Promise.all(Array.from({ length: 6 }, () => start(kitter)))
    const [winner, ...others] = answers.toSorted((one, other) => one.status - other.status)
    expect(winner?.status).toBe(202)
    expect(others).toEqual(others.map(() => running))
    await cancel(winner?.body.reconciliation.id)
    expect(await firstNameOf(busy.user)).toBe('First')
  })

  it('is of what there is', async () => {
    const unknown = invalidBecause('scope', 'names an unknown domain')
    for (const scope of ['nowhere.example', 'everything']) expect(await start(kitter, { scope })).toEqual(unknown)
    for (const id of [randomUUID(), 'x', '507f1f77bcf86cd799439011']) {
      const gone = refusal(404, 'reconciliation.unknown', 'There is no such reconciliation.')
      const paths = [`/reconciliations/${id}`, `/reconciliations/${id}/differences`]
      for (const path of paths) expect(await kitter.call('GET', path)).toEqual(gone)
      expect(await cancel(id)).toEqual(gone)
    }
  })

  it('is started once, however often the request comes', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const send = (): Promise<Answer> => kitter.call('POST', '/reconciliations', { headers, body: { scope: 'all' } })
    const first = await send()
    expect(first.status).toBe(202)
    const { id } = first.body.reconciliation
    expect(await send()).toMatchObject({ status: 202, text: first.text })
    await ended(kitter, id)
    const replayed = await send()
    expect([replayed.status, replayed.text]).toEqual([202, first.text])
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    expect((await kitter.call('GET', '/reconciliations')).body.reconciliations[0].id).toBe(id)
  })
})

describe('Cancelling', () => {
  it('ends it, and what was mended stays so', async () => {
    const mended = await drifted('mended-before')
    const one = await held({ apply: true })
    await expect.poll(() => differencesOf(one.id, 'outcome=mended'), patience).toMatchObject({ total: 1 })
    const cancelled = await cancel(one.id)
    expect(cancelled).toMatchObject({ status: 200, body: { reconciliation: { id: one.id, state: 'cancelled' } } })
    expect(cancelled.body.reconciliation.ended_at).toBeDefined()
    expect(await cancel(one.id)).toEqual(refusal(409, 'reconciliation.ended', 'The reconciliation has ended already.'))

    const next = await start(kitter)
    expect(next.status).toBe(202)
    await one[Symbol.asyncDispose]()
    // whoever worked on the first one has learned by then that it's over
    const { differences } = await ended(kitter, next.body.reconciliation.id)
    expect(differences.map(({ id }) => id)).toEqual([one.user])
    expect(await firstNameOf(mended)).toBe('Other')
    expect(await firstNameOf(one.user)).toBe('First')
    expect(await stateOf(kitter, one.id)).toBe('cancelled')
    const [entry] = (await kitter.call('GET', `/audit?subject=${one.id}`)).body.entries
    expect(entry).toMatchObject({ action: 'reconciliation.cancel', outcome: 'refused', code: 'reconciliation.ended' })
    for (const table of ['suspects', 'staged_accounts', 'staged_communications_users']) {
      await expect.poll(() => look.count(`kitter.${table}`), patience).toBe(0)
    }
  })

  it('is too late when it has ended', async () => {
    const { id } = await reconcile(kitter)
    expect(await cancel(id)).toEqual(refusal(409, 'reconciliation.ended'))
    expect(await stateOf(kitter, id)).toBe('done')
  })
})

describe('Who is busy', () => {
  it('is counted, and nothing is told of them', { timeout: 90_000 }, async () => {
    await using one = await held({ apply: true })
    const state = (): Promise<string> => stateOf(kitter, one.id)
    await expect.poll(state, { timeout: 60_000, interval: 100 }).toBe('done')
    expect((await read(one.id)).counts).toMatchObject({ suspects: 1, checked: 1, busy: 1 })
    expect(await differencesOf(one.id)).toEqual({ names: [], total: 0 })
    expect(await firstNameOf(one.user)).toBe('First')
  })
})

describe('The list', () => {
  it('has the newest first, page by page', async () => {
    for (const scope of ['quobis', 'all']) await reconcile(kitter, { scope })
    const page = async (query: string): Promise<Answer['body']> =>
      (await kitter.call('GET', `/reconciliations?${query}`)).body
    const { reconciliations, total } = await page('paginate[max]=1000')
    expect(reconciliations).toHaveLength(total)
    expect(reconciliations.slice(0, 2).map(({ scope }: { scope: string }) => scope)).toEqual(['all', 'quobis'])
    const times = reconciliations.map(({ started_at }: { started_at: string }) => started_at)
    expect(times).toEqual(times.toSorted().reverse())
    const pages = [await page('paginate[max]=3'), await page('paginate[max]=3&paginate[page]=1')]
    expect(pages.flatMap((each) => each.reconciliations)).toEqual(reconciliations.slice(0, 6))
    expect(pages.map((each) => each.total)).toEqual([total, total])
  })
})

describe('Differences', () => {
  it('are told page by page, and by what came of them', async () => {
    for (const number of [1, 2, 3, 4, 5]) await drifted(`paged-${number}`)
    for (const number of [1, 2]) await look.keycloak.createAccount(`strange-${number}`)
    const { id, differences } = await reconcile(kitter, { apply: true })
    const names = differences.map(({ name }) => name)
    expect(names.toSorted()).toEqual([
      ...[1, 2, 3, 4, 5].map((number) => `paged-${number}`),
      ...[1, 2].map((number) => `strange-${number}`),
    ])
    const pages = await Promise.all(
      [0, 1, 2].map((page) => differencesOf(id, `paginate[max]=3&paginate[page]=${page}`)),
    )
    expect(pages.flatMap((page) => page.names)).toEqual(names)
    expect(pages.map(({ total }) => total)).toEqual([7, 7, 7])
    expect((await differencesOf(id, 'outcome=mended')).names.toSorted()).toEqual(
      [1, 2, 3, 4, 5].map((number) => `paged-${number}`),
    )
    expect(await differencesOf(id, 'outcome=mended&paginate[max]=2&paginate[page]=2')).toMatchObject({ total: 5 })
    expect(await differencesOf(id, 'outcome=left')).toMatchObject({ total: 2 })
    expect(await differencesOf(id, 'outcome=unsettled')).toEqual({ names: [], total: 0 })
    expect((await read(id)).differences).toEqual({ found: 0, mended: 5, left: 2, refused: 0, unsettled: 0 })
    for (const number of [1, 2]) await look.keycloak.removeAccount(`strange-${number}`)
  })
})

describe('What was found before', () => {
  it('is mended by the end where it no longer is so, however much was found', { timeout: 60_000 }, async () => {
    const { id } = await kitter.createDomain('found.example')
    const one = await held({ apply: true })
    const begun = async (): Promise<number> => (await read(one.id)).counts.suspects
    await expect.poll(begun, patience).toBe(1)
    await look.rows(
      `INSERT INTO kitter.reconciliation_differences (reconciliation, about, subject, outcome, difference)
      SELECT $1, about, id, 'found', jsonb_build_object('about', about, 'id', id, 'name', name, 
        'missingIn', '[]'::jsonb, 'fields', '[]'::jsonb, 'remedy', 'align', 'outcome', 'found')
      FROM (SELECT 'user' AS about, 'of-many-' || n AS id, 'one' AS name FROM generate_series(1, 1000) AS n
        UNION ALL SELECT 'domain', $2, 'found.example') AS found`,
      ...[one.id, id],
    )
    await one[Symbol.asyncDispose]()
    await expect.poll(() => stateOf(kitter, one.id), patience).toBe('done')
    expect(await differencesOf(one.id, 'outcome=mended')).toMatchObject({
      names: expect.arrayContaining(['found.example']),
    })
    expect((await kitter.call('DELETE', `/domains/${id}`)).status).toBe(204)
  })
})

describe('The scope', () => {
  it('is one domain, without those below it', async () => {
    await kitter.createDomain('one.example')
    await kitter.createDomain('sub.one.example', 'one.example')
    await kitter.createDomain('two.example')
    const inside = await drifted('inside', 'one.example')
    const outside = [await drifted('below', 'sub.one.example'), await drifted('beside', 'two.example')]
    await look.rows(
      `UPDATE sandbox.wac_domains SET document = document || '{"origins": ["https://changed.example"]}'
      WHERE domain LIKE '%one.example'`,
    )
    const { id, differences } = await reconcile(kitter, { scope: 'one.example', apply: true })
    expect(differences.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['one.example', 'mended'],
      ['inside', 'mended'],
    ])
    expect((await read(id)).scope).toBe('one.example')
    expect(await firstNameOf(inside)).toBe('Other')
    for (const user of outside) expect(await firstNameOf(user)).toBe('First')
    const everything = await reconcile(kitter, { apply: true })
    const names = everything.differences.filter(({ outcome }) => outcome === 'mended').map(({ name }) => name)
    expect(names.toSorted()).toEqual(['below', 'beside', 'sub.one.example'])
  })
})

describe('What a reconciliation does', () => {
  it('is told in the audit trail and among the operations, as its starter did it', async () => {
    const user = await drifted('told')
    const { id } = await reconcile(kitter, { apply: true })
    const { started_by: actor } = await read(id)
    const entries = async (subject: string): Promise<readonly object[]> =>
      (await kitter.call('GET', `/audit?subject=${subject}`)).body.entries
    const [mended, created] = await entries(user)
    expect(mended).toMatchObject({
      ...{ actor, action: 'user.reconcile', subject: user, outcome: 'done' },
      ...{ before: { first_name: 'First' }, after: { first_name: 'Other' } },
    })
    expect(created).toMatchObject({ action: 'user.create' })
    const trail = (await kitter.call('GET', '/audit?paginate[max]=10')).body.entries
    expect(trail).toContainEqual(expect.objectContaining({ action: 'reconciliation.start', actor, outcome: 'done' }))
    const { operations } = (await kitter.call('GET', `/operations?subject=${user}`)).body
    expect(operations.map(({ kind, state }: { kind: string; state: string }) => [kind, state])).toEqual([
      ['user.reconcile', 'done'],
      ['user.create', 'done'],
    ])
    expect(operations[0].actor).toEqual(actor)
  })

  it('leaves no trace where it only looks', async () => {
    const user = await drifted('looked-at')
    const before = await kitter.call('GET', '/operations')
    await reconcile(kitter)
    expect((await kitter.call('GET', '/operations')).text).toBe(before.text)
    expect((await kitter.call('GET', `/audit?subject=${user}`)).body.total).toBe(1)
  })
})
