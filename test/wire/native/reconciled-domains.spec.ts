import { describe, expect, it as base } from 'vitest'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import { DomainsAtWacCore } from './domains-at-wac-core.fixture.ts'
import type { Meddler } from './drift.fixture.ts'
import { HeldClaim } from './held-claim.fixture.ts'
import { MeddledKitter } from './meddled-kitter.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { type DifferenceShape, type Reconciled, reconcile, type Wish } from './reconciliation-api.fixture.ts'

interface Stage {
  readonly kitter: TestKitter
  readonly api: NativeApi
  readonly look: DatabaseLook
  readonly meddler: Meddler
  readonly wacCore: DomainsAtWacCore
}

/** Each has a kitter of its own, and mostly waits for it. */
const besideEachOther = { concurrent: true, timeout: 90_000 }

const it = base.extend<{ stage: Stage }>({
  // Vitest reads from the pattern what a fixture needs
  stage: async ({}, use) => {
    await using meddled = await MeddledKitter.start()
    await use(stageOf(meddled))
  },
})

function stageOf({ kitter, look, meddler }: MeddledKitter): Stage {
  return { kitter, api: new NativeApi(kitter), look, meddler, wacCore: new DomainsAtWacCore(look) }
}

const everything: Wish = { apply: true, adopt: true, delete: true }
const theirs = (digit: string): string => digit.repeat(24)

async function domainNamed(api: NativeApi, name: string) {
  return (await api.listDomains({ name })).body.domains[0]
}

const told = ({ differences }: Reconciled): readonly (readonly [string, string, string])[] =>
  differences.map(({ name, remedy, outcome }) => [name, remedy, outcome] as const)
const fieldsOf = ({ fields }: DifferenceShape): readonly string[] => fields.map(({ field }) => field)

async function expectPeace(kitter: TestKitter): Promise<void> {
  expect(told(await reconcile(kitter, everything))).toEqual([])
}

describe('A domain whose settings somebody changed at wac-core', besideEachOther, () => {
  it('is told, and then has them in kitter, too', async ({ stage: { kitter, api, look, wacCore } }) => {
    const { id } = await kitter.createDomain('changed.example')
    const change = { origins: ['https://new.example'], enableAnonymous: true, services: { contacts: ['wac'] } }
    await wacCore.change('changed.example', { ...change, theirOwn: 1 })
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
    await expectPeace(kitter)
  })

  it('is moved as it was moved there', async ({ stage: { kitter, api, wacCore } }) => {
    const { id } = await kitter.createDomain('moved.example')
    await kitter.createDomain('above.example')
    await wacCore.change('moved.example', { parent: 'above.example' })
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([['moved.example', 'align', 'mended']])
    expect((await api.readDomain(id)).body.domain.parent).toBe('above.example')
    // to wac-core, a domain without one above is below the root
    await wacCore.change('moved.example', { parent: null })
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([['moved.example', 'align', 'mended']])
    expect((await api.readDomain(id)).body.domain.parent).toBe('quobis')
    await expectPeace(kitter)
  })
})

describe('A domain that somebody renamed at wac-core', besideEachOther, () => {
  it('has its new name everywhere, and so have its users and subdomains', async ({
    stage: { kitter, api, look, meddler, wacCore },
  }) => {
    const { id } = await kitter.createDomain('old.example')
    const child = await kitter.createDomain('child.example', 'old.example')
    const user = await meddler.whole('resident', 'old.example')
    await wacCore.rename('old.example', 'new.example')
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
    await expectPeace(kitter)
  })

  it('is part of new login names, where it is part of them', async () => {
    await using meddled = await MeddledKitter.start({ LOGIN_NAMES: 'domain' })
    const { kitter, api, look, meddler, wacCore } = stageOf(meddled)
    await kitter.createDomain('old.example')
    const user = await meddler.whole('resident', 'old.example')
    await wacCore.rename('old.example', 'new.example')
    await reconcile(kitter, { apply: true })
    expect((await look.accountAtKeycloak(user))?.login_name).toBe('resident@new.example')
    expect(await kitter.logIn('resident@new.example', 'correct horse')).toHaveProperty('access_token')
    expect((await api.findUser('new.example', 'resident')).body.id).toBe(user)
    await expectPeace(kitter)
  })

  it('gives way to another that takes its name', async ({ stage: { kitter, api, wacCore } }) => {
    const [first, second] = [await kitter.createDomain('a.example'), await kitter.createDomain('b.example')]
    await wacCore.rename('b.example', 'c.example')
    await wacCore.rename('a.example', 'b.example')
    await wacCore.add(theirs('a'), 'a.example')
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
    await expectPeace(kitter)
  })

  it('is left alone where kitter can not have its name', async ({ stage: { kitter, api, look, wacCore } }) => {
    const { id } = await kitter.createDomain('old.example')
    await wacCore.rename('old.example', 'Old Example!')
    await wacCore.add(theirs('a'), 'No Name')
    const { state, counts, differences } = await reconcile(kitter, everything)
    expect([state, counts['busy'], differences]).toEqual(['done', 1, []])
    expect((await api.readDomain(id)).body.domain.domain).toBe('old.example')
    expect(await look.domainAtWacCore(id)).toMatchObject({ domain: 'Old Example!' })
    expect(await wacCore.idOf('old.example')).toBeUndefined()
  })

  it('is refused where two have changed names with each other', async ({ stage: { kitter, wacCore } }) => {
    await kitter.createDomain('a.example')
    await kitter.createDomain('b.example')
    await wacCore.rename('a.example', 'x.example')
    await wacCore.rename('b.example', 'a.example')
    await wacCore.rename('x.example', 'b.example')
    const { state, differences } = await reconcile(kitter, everything)
    expect(state).toBe('done')
    const reasons = differences.map(({ outcome, reason }) => [outcome, reason])
    expect(reasons.toSorted()).toEqual([
      ['refused', 'There is a domain named a.example already.'],
      ['refused', 'There is a domain named b.example already.'],
    ])
  })
})

describe('A domain that wac-core has lost', besideEachOther, () => {
  it('is made again there, those above first, and has its users and its subdomains', async ({
    stage: { kitter, api, meddler, wacCore },
  }) => {
    const above = await kitter.createDomain('z.example')
    const { id } = await kitter.createDomain('lost.example', 'z.example')
    const user = await meddler.whole('resident', 'lost.example')
    await wacCore.remove('z.example', 'lost.example')
    const looked = await reconcile(kitter)
    expect(looked.differences).toMatchObject([
      { id: above.id, missing_in: ['wac-core'], remedy: 'restore', fields: [] },
      { id, missing_in: ['wac-core'], remedy: 'restore', fields: [] },
    ])
    expect(told(await reconcile(kitter, { apply: true }))).toEqual([
      ['z.example', 'restore', 'mended'],
      ['lost.example', 'restore', 'mended'],
    ])
    const restored = await domainNamed(api, 'lost.example')
    expect(restored).toMatchObject({ parent: 'z.example' })
    expect(restored?.id).not.toBe(id)
    expect(restored?.id).toBe(await wacCore.idOf('lost.example'))
    expect((await api.readDomain(id)).status).toBe(404)
    expect((await api.readUser(user)).body.user.attributes['domain']).toBe('lost.example')
    expect((await api.updateUser(user, { first_name: 'Next' })).status).toBe(200)
    await expectPeace(kitter)
  })

  it('is removed with `delete`, those below first, but not with somebody in it', async ({
    stage: { kitter, api, meddler, wacCore },
  }) => {
    await kitter.createDomain('empty.example')
    await kitter.createDomain('a.empty.example', 'empty.example')
    await kitter.createDomain('full.example')
    const user = await meddler.whole('resident', 'full.example')
    await wacCore.remove('empty.example', 'a.empty.example', 'full.example')
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

  it('has the id of the one that somebody has made there again', async ({ stage: { kitter, api, wacCore } }) => {
    const { id } = await kitter.createDomain('again.example')
    await wacCore.remove('again.example')
    await wacCore.add(theirs('b'), 'again.example')
    const { differences } = await reconcile(kitter, { apply: true })
    expect(differences).toMatchObject([{ id, name: 'again.example', remedy: 'align', outcome: 'mended' }])
    expect(differences.flatMap(fieldsOf)).toContain('id')
    expect((await domainNamed(api, 'again.example'))?.id).toBe(theirs('b'))
    await expectPeace(kitter)
  })
})

describe('A domain that only wac-core has', besideEachOther, () => {
  async function addBoth({ wacCore }: Stage): Promise<void> {
    await wacCore.add(theirs('a'), 'a.example', 'z.example')
    await wacCore.add(theirs('c'), 'z.example')
  }

  it('is left', async ({ stage }) => {
    const { kitter, api, wacCore } = stage
    await addBoth(stage)
    const { differences } = await reconcile(kitter, { apply: true, delete: true })
    const reason = 'kitter never made it, and adopts only when that is asked for.'
    const left = { missing_in: ['kitter'], remedy: 'adopt', outcome: 'left', reason }
    expect(differences).toMatchObject([
      { ...left, id: theirs('c'), name: 'z.example' },
      { ...left, id: theirs('a'), name: 'a.example' },
    ])
    expect((await api.listDomains({ nameContains: 'example' })).body.domains).toEqual([])
    expect(await wacCore.idOf('a.example')).toBe(theirs('a'))
  })

  it('is adopted with `adopt`, those above first', async ({ stage }) => {
    const { kitter, api } = stage
    await addBoth(stage)
    expect(told(await reconcile(kitter, { apply: true, adopt: true }))).toEqual([
      ['z.example', 'adopt', 'mended'],
      ['a.example', 'adopt', 'mended'],
    ])
    expect(await domainNamed(api, 'a.example')).toMatchObject({ id: theirs('a'), parent: 'z.example' })
    expect((await api.createUser({ username: 'new', attributes: { domain: 'a.example' } })).status).toBe(201)
    await expectPeace(kitter)
  })

  it('is not adopted without the one above', async ({ stage }) => {
    const { kitter, look } = stage
    await addBoth(stage)
    const { differences } = await reconcile(kitter, { scope: 'quobis', ...everything })
    expect(differences).toEqual([])
    await look.rows('DELETE FROM sandbox.wac_domains WHERE id = $1', theirs('c'))
    expect((await reconcile(kitter, everything)).differences).toMatchObject([
      { name: 'a.example', outcome: 'refused', reason: 'kitter has no domain named z.example.' },
    ])
  })

  it('may be one that is just being created', async ({ stage }) => {
    const { kitter, look } = stage
    await addBoth(stage)
    // the row is still to come
    await using held = new AsyncDisposableStack()
    held.use(await HeldClaim.of(look, 'domain-name:z.example'))
    const { counts, differences } = await reconcile(kitter)
    expect(counts['busy']).toBe(1)
    expect(differences.map(({ name }) => name)).toEqual(['a.example'])
  })
})

describe('A tree at wac-core that is none', besideEachOther, () => {
  it('is refused where it has a loop', async ({ stage: { kitter, api, wacCore } }) => {
    for (const name of ['a.example', 'b.example', 'self.example']) await kitter.createDomain(name)
    await wacCore.change('a.example', { parent: 'b.example' })
    await wacCore.change('b.example', { parent: 'a.example' })
    await wacCore.change('self.example', { parent: 'self.example' })
    await wacCore.add(theirs('c'), 'c.example', 'd.example')
    await wacCore.add(theirs('d'), 'd.example', 'c.example')
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
    expect((await domainNamed(api, 'self.example'))?.parent).toBe('quobis')
    const parents = [await domainNamed(api, 'a.example'), await domainNamed(api, 'b.example')].map(
      (domain) => domain?.parent,
    )
    expect(parents).toContain('quobis')
  })

  it('gets its root again', async ({ stage: { kitter, api, meddler, wacCore } }) => {
    const user = await meddler.whole('resident')
    await wacCore.remove('quobis')
    const { differences } = await reconcile(kitter, everything)
    expect(differences).toMatchObject([{ name: 'quobis', remedy: 'restore', outcome: 'mended' }])
    expect((await domainNamed(api, 'quobis'))?.id).toBe(await wacCore.idOf('quobis'))
    expect((await domainNamed(api, 'quobis'))?.parent).toBeNull()
    expect((await api.updateUser(user, { first_name: 'Next' })).status).toBe(200)
    await expectPeace(kitter)
  })

  it('keeps the names of those that every platform has', async ({ stage: { kitter, api, meddler, wacCore } }) => {
    await meddler.whole('resident')
    await wacCore.change('quobis', { domain: 'other' })
    await wacCore.change('anonymous', { domain: 'nobody' })
    const { state, differences } = await reconcile(kitter, everything)
    expect(state).toBe('done')
    const reason = "A domain without which the platform can't be was renamed, or another took its name."
    expect(differences.filter(({ about }) => about === 'domain')).toMatchObject([
      { name: 'anonymous', outcome: 'refused', reason },
      { name: 'quobis', outcome: 'refused', reason },
    ])
    expect(await domainNamed(api, 'quobis')).toMatchObject({ parent: null })
    expect(await domainNamed(api, 'anonymous')).toMatchObject({ parent: 'quobis' })
  })
})
