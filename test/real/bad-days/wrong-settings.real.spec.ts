import type { UserProfileConfig } from '@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { examineKeycloak, type kitterRights } from '#infrastructure/keycloak'
import { describeWith } from '../../support/real.ts'
import { BadDay, nowhere, readinessOf, seen, unavailable } from './bad-day.fixture.ts'

type Settings = Readonly<Record<string, string>>
type Right = (typeof kitterRights)[number]

const refused = { status: 502, code: 'system.refused' }
const allRights: readonly Right[] = ['manage-realm', 'manage-users', 'view-clients', 'view-events']

describeWith('keycloak', 'A Keycloak that is there, and not as kitter needs it', () => {
  let day: BadDay
  beforeAll(async () => {
    day = await BadDay.dawn()
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => void day.log.taken())
  afterEach(() => {
    for (const secret of [day.realm.clientSecret, 'another-secret', day.wacCore.token])
      expect(day.log.text).not.toContain(secret)
  })

  async function doctorSays(settings: Settings = {}): Promise<string> {
    const all: Settings = { ...day.settings(), ...settings }
    const [url = '', realm = ''] = [all['KEYCLOAK_URL'], all['KEYCLOAK_REALM']]
    const [clientId = '', clientSecret = ''] = [all['KEYCLOAK_CLIENT_ID'], all['KEYCLOAK_CLIENT_SECRET']]
    const options = { url, realm, clientId, clientSecret, issuer: day.realm.issuer, audience: 'kitter' }
    const said: string[] = []
    for await (const { state, sentence } of examineKeycloak(options)) if (state === 'wrong') said.push(sentence)
    return said.join('\n')
  }

  /** A client of kitter's with these rights only. */
  async function clientWith(clientId: string, rights: readonly Right[]): Promise<Settings> {
    const { clients, users } = day.realm.admin
    const { id } = await clients.create({ clientId, secret: 'another-secret', serviceAccountsEnabled: true })
    const account = await clients.getServiceAccountUser({ id })
    const [management] = await clients.find({ clientId: 'realm-management' })
    const managementId = management?.id ?? ''
    const roles = await clients.listRoles({ id: managementId })
    const given = roles.flatMap(({ id: role = '', name = '' }) =>
      rights.some((right) => right === name) ? [{ id: role, name }] : [],
    )
    await users.addClientRoleMappings({ id: account.id ?? '', clientUniqueId: managementId, roles: given })
    return { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: 'another-secret' }
  }

  it('takes another secret: what needs it is refused, what not goes on, and log and doctor say why', async () => {
    const settings = { KEYCLOAK_CLIENT_SECRET: 'another-secret' }
    const kitter = await day.kitter(settings)
    expect(await readinessOf(kitter)).toMatchObject({ status: 200, state: 'degraded', away: ['keycloak'] })
    expect((await kitter.call('GET', '/users')).status).toBe(200)
    expect(seen(await kitter.call('POST', '/users', { body: { user: { username: 'ada' } } }))).toEqual(refused)
    expect(await day.whereabouts(kitter, 'ada')).toEqual(nowhere)
    expect(day.log.text).toMatch(/gives the client kitter no token: kitter doctor tells why/)
    expect(await doctorSays(settings)).toMatch(/does not let the client kitter in: Invalid client/)
  })

  it('has no such realm: nobody is let in, nothing is lost, and log and doctor say why', async () => {
    const settings = { KEYCLOAK_REALM: 'nowhere' }
    const kitter = await day.kitter(settings)
    expect(await readinessOf(kitter)).toMatchObject({ status: 200, state: 'degraded', away: ['keycloak'] })
    expect(seen(await kitter.call('GET', '/users'))).toEqual(unavailable)
    expect(day.log.text).toContain('Realm does not exist')
    expect(day.log.text).toContain('/realms/nowhere/protocol/openid-connect/certs')
    expect(await doctorSays(settings)).toMatch(/has no realm nowhere/)
  })

  it('has lost the realm: a user who can not be found there is not taken for gone', async () => {
    const before = await day.kitter()
    const { id } = await before.createUser('kept')
    // the keys are still known
    day.keycloakCalls.meddler = (line) => (line.endsWith('/certs') ? undefined : missingRealm)
    try {
      const kitter = await day.kitter({ DATABASE_URL: before.databaseUrl })
      expect(seen(await kitter.call('POST', `/users/${id}/logout`))).toEqual(refused)
      expect((await kitter.call('DELETE', `/users/${id}`)).status).toBeGreaterThanOrEqual(500)
      expect((await kitter.call('GET', `/users/${id}`)).status).toBe(200)
    } finally {
      day.keycloakCalls.meddler = () => undefined
    }
  })

  it.each(allRights.filter((right) => right !== 'view-events'))(
    'does not give kitter the right %s: log and doctor say so',
    async (missing) => {
      const username = `user-${missing}`
      const settings = await clientWith(
        `without-${missing}`,
        allRights.filter((right) => right !== missing),
      )
      const kitter = await day.kitter(settings)
      const created = await kitter.call('POST', '/users', { body: { user: { username } } })
      if (missing === 'manage-realm') {
        expect(seen(created)).toEqual(refused)
        expect(await day.whereabouts(kitter, username)).toEqual(nowhere)
      } else if (missing === 'manage-users') {
        const path = `/users/${created.body.user.id}`
        expect(seen(await kitter.call('PATCH', path, { body: { first_name: 'New' } }))).toEqual(refused)
        expect(seen(await kitter.call('POST', `${path}/logout`))).toEqual(refused)
        expect((await kitter.call('GET', path)).body.user).not.toHaveProperty('first_name')
      } else {
        expect(seen(await kitter.call('POST', '/users/logout'))).toEqual(refused)
      }
      expect(day.log.text).toContain(`seems to lack the right ${missing}`)
      expect(await doctorSays(settings)).toContain(`lacks the right ${missing}`)
    },
  )

  it("has a profile that drops what kitter sets: users aren't made, nor changed into something else", async () => {
    const { users } = day.realm.admin
    const profile = await users.getProfile()
    const { unmanagedAttributePolicy: _, attributes = [], ...rest } = profile
    const before = await day.kitter()
    const { id } = await before.createUser('early', { attributes: { color: 'blue' } })
    const bare: UserProfileConfig = { ...rest, attributes: attributes.filter(({ name }) => name !== 'domain') }
    await users.updateProfile(bare)
    try {
      const kitter = await day.kitter({ DATABASE_URL: before.databaseUrl })
      expect(seen(await kitter.call('POST', '/users', { body: { user: { username: 'lossy' } } }))).toEqual(refused)
      const change = { first_name: 'New', attributes: { color: 'red' } }
      expect(seen(await kitter.call('PATCH', `/users/${id}`, { body: change }))).toEqual(refused)
      expect(await day.whereabouts(kitter, 'lossy')).toEqual(nowhere)
      expect(day.log.text).toContain(
        'user profile drops attributes that kitter sets: kitter doctor tells how to mend it',
      )
      expect(await doctorSays()).toMatch(/user profile drops or locks the attributes that kitter sets/)

      await users.updateProfile(profile)
      await kitter.createUser('lossy')
      expect((await users.findOne({ id }))?.attributes).toMatchObject({ color: ['blue'], domain: ['quobis'] })
    } finally {
      await users.updateProfile(profile)
    }
  })
})

const missingRealm = { status: 404, contentType: 'application/json', body: '{"error":"Realm does not exist"}' }
