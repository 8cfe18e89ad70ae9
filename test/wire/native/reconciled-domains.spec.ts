import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { Meddler } from './drift.fixture.ts'
import { HeldClaim } from './held-claim.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { type DifferenceShape, type Reconciled, reconcile, type Wish } from './reconciliation-api.fixture.ts'

let resources: AsyncDisposableStack
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook
let meddler: Meddler

beforeEach(() => {
  resources = new AsyncDisposableStack()
  return begin()
})
afterEach(() => resources.disposeAsync())

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  kitter = resources.use(await TestKitter.start(settings))
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
  meddler = new Meddler(kitter, look)
}

const everything: Wish = { apply: true, adopt: true, delete: true }
const theirs = (digit: string): string => digit.repeat(24)

/** What wac-core itself would refuse, and a backup that comes back doesn't. */
async function overwrite(sql: string, ...parameters: readonly unknown[]): Promise<void> {
  await look.rows('SET session_replication_role = replica')
  await look.rows(sql, ...parameters)
  await look.rows('SET session_replication_role = DEFAULT')
}

async function changeAtWacCore(name: string, change: object): Promise<void> {
  const sql = 'UPDATE sandbox.wac_domains SET document = document || $2 WHERE domain = $1'
  await overwrite(sql, name, JSON.stringify(change))
}

const removeAtWacCore = (...names: readonly string[]): Promise<void> =>
  overwrite('DELETE FROM sandbox.wac_domains WHERE domain = ANY ($1)', names)

async function addAtWacCore(id: string, domain: string, parent: string | null = 'quobis'): Promise<void> {
  const sql = `
    INSERT INTO sandbox.wac_domains (id, document)
    SELECT $1, document || $2 FROM sandbox.wac_domains WHERE domain = 'anonymous'`
  await look.rows(sql, id, JSON.stringify({ domain, parent }))
}

/** Also where its users and subdomains name it. */
async function renameAtWacCore(from: string, to: string): Promise<void> {
  await changeAtWacCore(from, { domain: to })
  const renamed = { domain: JSON.stringify({ domain: to }), parent: JSON.stringify({ parent: to }) }
  await overwrite('UPDATE sandbox.wac_users SET document = document || $2 WHERE domain = $1', from, renamed.domain)
  const sql = "UPDATE sandbox.wac_domains SET document = document || $2 WHERE document ->> 'parent' = $1"
  await overwrite(sql, from, renamed.parent)
}

async function domainNamed(name: string) {
  return (await api.listDomains({ name })).body.domains[0]
}

const told = ({ differences }: Reconciled): readonly (readonly [string, string, string])[] =>
  differences.map(({ name, remedy, outcome }) => [name, remedy, outcome] as const)
const fieldsOf = ({ fields }: DifferenceShape): readonly string[] => fields.map(({ field }) => field)

async function atWacCore(name: string): Promise<string | undefined> {
  const [row] = await look.rows('SELECT id FROM sandbox.wac_domains WHERE domain = $1', name)
  return row && String(row['id'])
}

async function expectPeace(): Promise<void> {
  expect(told(await reconcile(kitter, everything))).toEqual([])
}

describe('A domain whose settings somebody changed at wac-core', () => {
  it('is told, and then has them in kitter, too', async () => {
    const { id } = await kitter.createDomain('changed.example')
    const change = { origins: ['https://new.example'], enableAnonymous: true, services: { contacts: ['wac'] } }
    await changeAtWacCore('changed.example', { ...change, theirOwn: 1 })
    const looked = await reconcile(kitter)
    expect(looked.differences).toMatchObject([
      { about: 'domain', id, name: 'changed.example', missing_in: [], remedy: 'align', outcome: 'found' },
    ])
    expect(looked.differences.flatMap(fieldsOf).toSorted()).toEqual(['enable_anonymous', 'origins', 'services'])
    expect(looked.differences[0]?.fields).toContainEqual({
      ...{ field: 'origins', values: { 'wac-core': ['https://new.example'], kitter: [] } },
    })
    expect((await api.readDomain(id)).body.domain.origins).toEqual([])

    expect(told(await reconcile(kitter, { apply: true }))).toEqual([['changed.example', 'align', 'mended']])
    expect((await api.readDomain(id)).body.domain).toMatchObject({
      ...{ origins: ['https://new.example'], enable_anonymous: true, services: { contacts: ['wac'] } },
    })
    expect(await look.domainAtWacCore(id)).toMatchObject({ theirOwn: 1 })
    const { entries } = (await kitter.call('GET', `/audit?subject=${id}`)).body
    expect(entries[0]).toMatchObject({
      ...{ action: 'domain.reconcile', outcome: 'done', before: { origins: [] } },
      after: { origins: ['https://new.example'], enable_anonymous: true },
    })
    await expectPeace()
  })

  it('is moved as it was moved there', async () => {
    const { id } = await kitter.createDomain('moved.example')
    await kitter.createDomain('above.example')
    await changeAtWacCore('moved.example', { parent: 'above.example' })
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([['moved.example', 'align', 'mended']])
    expect((await api.readDomain(id)).body.domain.parent).toBe('above.example')
    // to wac-core, a domain without one above is below the root
    await changeAtWacCore('moved.example', { parent: null })
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([['moved.example', 'align', 'mended']])
    expect((await api.readDomain(id)).body.domain.parent).toBe('quobis')
    await expectPeace()
  })
})

describe('A domain that somebody renamed at wac-core', () => {
  it('has its new name everywhere, and so have its users and subdomains', async () => {
    const { id } = await kitter.createDomain('old.example')
    const child = await kitter.createDomain('child.example', 'old.example')
    const user = await meddler.whole('resident', 'old.example')
    await renameAtWacCore('old.example', 'new.example')
    const { differences } = await reconcile(kitter, { apply: true })
    expect(differences.find((difference) => difference.id === id)).toMatchObject({
      ...{ name: 'old.example', remedy: 'align', outcome: 'mended' },
      fields: [{ field: 'domain', values: { 'wac-core': 'new.example', kitter: 'old.example' } }],
    })
    expect(differences.map(({ outcome }) => outcome)).not.toContain('refused')
    expect((await api.readDomain(id)).body.domain.domain).toBe('new.example')
    expect((await api.readDomain(child.id)).body.domain.parent).toBe('new.example')
    expect((await api.readUser(user)).body.user.attributes['domain']).toBe('new.example')
    expect((await look.accountAtKeycloak(user))?.attributes['domain']).toEqual(['new.example'])
    await expectPeace()
  })

  it('is part of new login names, where it is part of them', async () => {
    await begin({ LOGIN_NAMES: 'domain' })
    await kitter.createDomain('old.example')
    const user = await meddler.whole('resident', 'old.example')
    await renameAtWacCore('old.example', 'new.example')
    await reconcile(kitter, { apply: true })
    expect((await look.accountAtKeycloak(user))?.login_name).toBe('resident@new.example')
    expect(await kitter.logIn('resident@new.example', 'correct horse')).toHaveProperty('access_token')
    expect((await api.findUser('new.example', 'resident')).body.id).toBe(user)
    await expectPeace()
  })

  it('gives way to another that takes its name', async () => {
    const [first, second] = [await kitter.createDomain('a.example'), await kitter.createDomain('b.example')]
    await renameAtWacCore('b.example', 'c.example')
    await renameAtWacCore('a.example', 'b.example')
    await addAtWacCore(theirs('a'), 'a.example')
    const looked = await reconcile(kitter)
    expect(looked.differences.map(({ id, name }) => [id, name]).toSorted()).toEqual(
      [
        [first.id, 'a.example'],
        [second.id, 'b.example'],
        [theirs('a'), 'a.example'],
      ].toSorted(),
    )
    await reconcile(kitter, everything)
    await reconcile(kitter, everything)
    for (const [id, name] of [
      [first.id, 'b.example'],
      [second.id, 'c.example'],
      [theirs('a'), 'a.example'],
    ] as const) {
      expect(await api.readDomain(id)).toMatchObject({ status: 200, body: { domain: { domain: name } } })
    }
    await expectPeace()
  })

  it('is left alone where kitter can not have its name', async () => {
    const { id } = await kitter.createDomain('old.example')
    await renameAtWacCore('old.example', 'Old Example!')
    await addAtWacCore(theirs('a'), 'No Name')
    const { state, counts, differences } = await reconcile(kitter, everything)
    expect([state, counts['busy'], differences]).toEqual(['done', 1, []])
    expect((await api.readDomain(id)).body.domain.domain).toBe('old.example')
    expect(await look.domainAtWacCore(id)).toMatchObject({ domain: 'Old Example!' })
    expect(await atWacCore('old.example')).toBeUndefined()
  })

  it('is refused where two have changed names with each other', async () => {
    await kitter.createDomain('a.example')
    await kitter.createDomain('b.example')
    await renameAtWacCore('a.example', 'x.example')
    await renameAtWacCore('b.example', 'a.example')
    await renameAtWacCore('x.example', 'b.example')
    const { state, differences } = await reconcile(kitter, everything)
    expect(state).toBe('done')
    const reasons = differences.map(({ outcome, reason }) => [outcome, reason])
    expect(reasons.toSorted()).toEqual([
      ['refused', 'There is a domain named a.example already.'],
      ['refused', 'There is a domain named b.example already.'],
    ])
  })
})

describe('A domain that wac-core has lost', () => {
  it('is made again there, those above first, and has its users and its subdomains', async () => {
    const above = await kitter.createDomain('z.example')
    const { id } = await kitter.createDomain('lost.example', 'z.example')
    const user = await meddler.whole('resident', 'lost.example')
    await removeAtWacCore('z.example', 'lost.example')
    const looked = await reconcile(kitter)
    expect(looked.differences).toMatchObject([
      { id: above.id, missing_in: ['wac-core'], remedy: 'restore', fields: [] },
      { id, missing_in: ['wac-core'], remedy: 'restore', fields: [] },
    ])
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([
      ['z.example', 'restore', 'mended'],
      ['lost.example', 'restore', 'mended'],
    ])
    const restored = await domainNamed('lost.example')
    expect(restored).toMatchObject({ parent: 'z.example' })
    expect(restored?.id).not.toBe(id)
    expect(restored?.id).toBe(await atWacCore('lost.example'))
    expect((await api.readDomain(id)).status).toBe(404)
    expect((await api.readUser(user)).body.user.attributes['domain']).toBe('lost.example')
    expect((await api.updateUser(user, { first_name: 'Next' })).status).toBe(200)
    await expectPeace()
  })

  it('is removed with `delete`, those below first, but not with somebody in it', async () => {
    await kitter.createDomain('empty.example')
    await kitter.createDomain('a.empty.example', 'empty.example')
    await kitter.createDomain('full.example')
    const user = await meddler.whole('resident', 'full.example')
    await removeAtWacCore('empty.example', 'a.empty.example', 'full.example')
    const { differences } = await reconcile(kitter, { apply: true, delete: true })
    const outcomes = Object.fromEntries(differences.map(({ name, remedy, outcome }) => [name, `${remedy} ${outcome}`]))
    expect(outcomes).toEqual({
      ...{ 'a.empty.example': 'remove mended', 'empty.example': 'remove mended', 'full.example': 'remove refused' },
    })
    expect(differences.find(({ name }) => name === 'full.example')?.reason).toBe(
      'The domain full.example still has 1 user and 0 subdomains.',
    )
    expect((await api.listDomains({ nameContains: '.example' })).body.domains.map(({ domain }) => domain)).toEqual([
      'full.example',
    ])
    expect((await api.readUser(user)).status).toBe(200)
    expect((await reconcile(kitter, { apply: true })).differences).toMatchObject([
      { name: 'full.example', remedy: 'restore', outcome: 'mended' },
    ])
  })

  it('has the id of the one that somebody has made there again', async () => {
    const { id } = await kitter.createDomain('again.example')
    await removeAtWacCore('again.example')
    await addAtWacCore(theirs('b'), 'again.example')
    const { differences } = await reconcile(kitter, { apply: true })
    expect(differences).toMatchObject([{ id, name: 'again.example', remedy: 'align', outcome: 'mended' }])
    expect(differences.flatMap(fieldsOf)).toContain('id')
    expect((await domainNamed('again.example'))?.id).toBe(theirs('b'))
    await expectPeace()
  })
})

describe('A domain that only wac-core has', () => {
  beforeEach(async () => {
    await addAtWacCore(theirs('a'), 'a.example', 'z.example')
    await addAtWacCore(theirs('c'), 'z.example')
  })

  it('is left', async () => {
    const { differences } = await reconcile(kitter, { apply: true, delete: true })
    const reason = 'kitter never made it, and adopts only when that is asked for.'
    const left = { missing_in: ['kitter'], remedy: 'adopt', outcome: 'left', reason }
    expect(differences).toMatchObject([
      { ...left, id: theirs('c'), name: 'z.example' },
      { ...left, id: theirs('a'), name: 'a.example' },
    ])
    expect((await api.listDomains({ nameContains: 'example' })).body.domains).toEqual([])
    expect(await atWacCore('a.example')).toBe(theirs('a'))
  })

  it('is adopted with `adopt`, those above first', async () => {
    expect(told(await reconcile(kitter, { apply: true, adopt: true }))).toEqual([
      ['z.example', 'adopt', 'mended'],
      ['a.example', 'adopt', 'mended'],
    ])
    expect(await domainNamed('a.example')).toMatchObject({ id: theirs('a'), parent: 'z.example' })
    expect((await api.createUser({ username: 'new', attributes: { domain: 'a.example' } })).status).toBe(201)
    await expectPeace()
  })

  it('is not adopted without the one above', async () => {
    const { differences } = await reconcile(kitter, { scope: 'quobis', ...everything })
    expect(differences).toEqual([])
    await look.rows('DELETE FROM sandbox.wac_domains WHERE id = $1', theirs('c'))
    expect((await reconcile(kitter, everything)).differences).toMatchObject([
      { name: 'a.example', outcome: 'refused', reason: 'kitter has no domain named z.example.' },
    ])
  })

  it('may be one that is just being created', async () => {
    // the row is still to come
    resources.use(await HeldClaim.of(look, 'domain-name:z.example'))
    const { counts, differences } = await reconcile(kitter)
    expect(counts['busy']).toBe(1)
    expect(differences.map(({ name }) => name)).toEqual(['a.example'])
  })
})

describe('A tree at wac-core that is none', () => {
  it('is refused where it has a loop', async () => {
    for (const name of ['a.example', 'b.example', 'self.example']) await kitter.createDomain(name)
    await changeAtWacCore('a.example', { parent: 'b.example' })
    await changeAtWacCore('b.example', { parent: 'a.example' })
    await changeAtWacCore('self.example', { parent: 'self.example' })
    await addAtWacCore(theirs('c'), 'c.example', 'd.example')
    await addAtWacCore(theirs('d'), 'd.example', 'c.example')
    const { state, differences } = await reconcile(kitter, everything)
    expect(state).toBe('done')
    expect(differences.find(({ name }) => name === 'self.example')?.reason).toBe(
      "self.example lies below self.example (or is the same), so it can't be its parent.",
    )
    for (const name of ['c.example', 'd.example', 'self.example']) {
      expect(differences.find((difference) => difference.name === name)?.outcome, name).toBe('refused')
    }
    const outcomes = differences.filter(({ name }) => /^[ab]\./.test(name)).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(['mended', 'refused'])
    // from each of them one comes to the root
    expect((await domainNamed('self.example'))?.parent).toBe('quobis')
    const parents = [await domainNamed('a.example'), await domainNamed('b.example')].map((domain) => domain?.parent)
    expect(parents).toContain('quobis')
  })

  it('gets its root again', async () => {
    const user = await meddler.whole('resident')
    await removeAtWacCore('quobis')
    const { differences } = await reconcile(kitter, everything)
    expect(differences).toMatchObject([{ name: 'quobis', remedy: 'restore', outcome: 'mended' }])
    expect((await domainNamed('quobis'))?.id).toBe(await atWacCore('quobis'))
    expect((await domainNamed('quobis'))?.parent).toBeNull()
    expect((await api.updateUser(user, { first_name: 'Next' })).status).toBe(200)
    await expectPeace()
  })

  it('keeps the names of those that every platform has', async () => {
    await meddler.whole('resident')
    await changeAtWacCore('quobis', { domain: 'other' })
    await changeAtWacCore('anonymous', { domain: 'nobody' })
    const { state, differences } = await reconcile(kitter, everything)
    expect(state).toBe('done')
    const reason = "A domain without which the platform can't be was renamed, or another took its name."
    expect(differences.filter(({ about }) => about === 'domain')).toMatchObject([
      { name: 'anonymous', outcome: 'refused', reason },
      { name: 'quobis', outcome: 'refused', reason },
    ])
    expect(await domainNamed('quobis')).toMatchObject({ parent: null })
    expect(await domainNamed('anonymous')).toMatchObject({ parent: 'quobis' })
  })
})
