import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../../wire/native/database-look.fixture.ts'
import { type Drift, drifts as allDrifts, Meddler } from '../../wire/native/drift.fixture.ts'
import { type DifferenceShape, reconcile } from '../../wire/native/reconciliation-api.fixture.ts'
import { census, type RolesOf, Tenants } from './realm-census.fixture.ts'

// an administrator can't give an account such a name in Keycloak
const drifts = allDrifts.filter(({ name }) => !name.includes('name that kitter can not have'))
const usernameOf = (drift: Drift): string => `drift-${allDrifts.indexOf(drift)}`

describeWith('keycloak', 'A reconciliation over the real Keycloak', () => {
  const resources = new AsyncDisposableStack()
  const planted = new Map<Drift, string>()
  const everybody = { apply: true, adopt: true, delete: true }
  let kitter: TestKitter
  let look: DatabaseLook
  let tenants: Tenants
  let rolesBefore: RolesOf

  beforeAll(async () => {
    kitter = resources.use(await TestKitter.start())
    look = resources.use(await DatabaseLook.into(kitter))
    tenants = Tenants.of(kitter)
    // otherwise kitter follows by itself what is changed in the console
    await tenants.keepNoEvents()
    await kitter.createDomain('moved.example')
    await look.rows(
      `INSERT INTO sandbox.wac_domains SELECT '0123456789abcdef01234567', document || '{"domain": "theirs.example"}'
      FROM sandbox.wac_domains WHERE domain = 'moved.example'`,
    )
    rolesBefore = await tenants.roles()
  })
  afterAll(() => resources.disposeAsync())

  const toldOf = (differences: readonly DifferenceShape[], drift: Drift): readonly DifferenceShape[] =>
    differences.filter(({ id }) => id === planted.get(drift))

  it("finds nothing of kitter's own, and neither its service account nor its administrators", async () => {
    const meddler = new Meddler(kitter, look)
    await meddler.whole('same')
    await kitter.createUser('bare')
    await look.keycloak.giveRole(await meddler.whole('administrator'), 'kitter-viewer')
    const { state, differences } = await reconcile(kitter)
    expect(state).toBe('done')
    expect(differences.filter(({ about }) => about === 'user')).toEqual([])
  })

  it('finds every difference that was planted, and changes nothing', async () => {
    const meddler = new Meddler(kitter, look)
    for (const drift of drifts) planted.set(drift, await drift.plant(meddler, usernameOf(drift)))
    const before = await census(look, tenants)
    const { state, differences } = await reconcile(kitter)
    expect(state).toBe('done')
    for (const drift of drifts) {
      const found = toldOf(differences, drift)
      expect(found, drift.name).toMatchObject([{ about: 'user', ...drift.told, outcome: 'found' }])
      const fields = found.map((each) => each.fields.map(({ field }) => field).toSorted())
      if (drift.fields !== undefined) expect(fields, drift.name).toEqual([drift.fields.toSorted()])
    }
    expect(differences.filter(({ about }) => about === 'user')).toHaveLength(drifts.length)
    expect(await census(look, tenants)).toEqual(before)
  })

  it('mends what it may, and leaves what must be asked for', async () => {
    const { differences } = await reconcile(kitter, { apply: true })
    for (const drift of drifts) {
      const [outcome] = drift.outcomes ?? ['mended']
      expect(toldOf(differences, drift), drift.name).toMatchObject([{ outcome }])
    }
  })

  it('mends the rest when it is asked for, and changes nothing when it is asked once more', async () => {
    const { differences } = await reconcile(kitter, everybody)
    for (const drift of drifts.filter(({ outcomes }) => outcomes !== undefined)) {
      expect(toldOf(differences, drift), drift.name).toMatchObject([{ outcome: drift.outcomes?.[1] }])
    }
    const before = await census(look, tenants)
    const once = await reconcile(kitter, everybody)
    expect(once.differences.map(({ outcome }) => outcome)).not.toContain('mended')
    expect(await census(look, tenants)).toEqual(before)
  })

  it.each(drifts)('leaves all of the user or nothing of it when $name', async (drift) => {
    expect(await look.usersNamed(usernameOf(drift))).toEqual(drift.places)
    const { body } = await kitter.call('GET', `/users?username=${usernameOf(drift)}&exact=true`)
    expect(body.total).toBe(drift.places.kitter)
    if (drift.shows !== undefined) expect(body.users[0]).toMatchObject(drift.shows)
  })

  it("has harmed neither kitter's service account nor its administrators", async () => {
    expect(await tenants.roles()).toMatchObject(rolesBefore)
    expect(await tenants.logInAgain()).toMatchObject({ status: 200 })
    expect(await kitter.call('GET', '/users')).toMatchObject({ status: 200 })
    await kitter.createUser('afterwards')
  })

  describe('of an account', () => {
    const credentials = { password: 'correct horse' }

    it('that was removed makes it again so that nobody gets in, with what everybody may do', async () => {
      const { id } = await kitter.createUser('removed', { credentials })
      await look.keycloak.removeAccount('removed')
      await reconcile(kitter, { apply: true })
      expect(await kitter.logIn('removed', 'correct horse')).toMatchObject({ error: 'invalid_grant' })
      await kitter.call('PATCH', `/users/${id}`, { body: { enabled: true } })
      expect(await kitter.logIn('removed', 'correct horse')).toMatchObject({ error: 'invalid_grant' })
      expect(await tenants.rolesOf(id)).toEqual(await tenants.rolesOf((await kitter.createUser('usual')).id))
      await kitter.call('PATCH', `/users/${id}`, { body: { credentials: { password: 'another horse' } } })
      expect(await kitter.logIn('removed', 'another horse')).toHaveProperty('access_token')
    })

    it('that somebody made adopts it as it is: who had a password keeps it', async () => {
      const id = await tenants.makeAccount('foreign', 'their own')
      await reconcile(kitter, { apply: true })
      expect((await kitter.call('GET', `/users/${id}`)).status).toBe(404)
      await reconcile(kitter, { apply: true, adopt: true })
      const { body } = await kitter.call('GET', `/users/${id}`)
      expect(body.user).toMatchObject({ username: 'foreign', enabled: true, attributes: { domain: 'quobis' } })
      expect(await look.usersNamed('foreign')).toEqual({ keycloak: 1, wacCore: 1, kitter: 1 })
      expect(await kitter.logIn('foreign', 'their own')).toHaveProperty('access_token')
    })

    it('whose domain was changed there puts it back, and with it the rights', async () => {
      const token = await tenants.domainAdmin('moved.example')
      const { id } = await kitter.createUser('mover')
      await look.keycloak.giveAttribute(id, 'domain', 'moved.example')
      await reconcile(kitter, { apply: true })
      expect(await look.keycloak.account(id)).toMatchObject({ attributes: { domain: ['quobis'] } })
      expect((await kitter.call('GET', `/users/${id}`, { token })).status).toBe(404)
    })
  })
})
