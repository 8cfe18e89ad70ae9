import { randomUUID } from 'node:crypto'
import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'The identity directory in Keycloak', () => {
  let real: RealRealm
  let proxy: MeddlingProxy
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    proxy = await MeddlingProxy.start(real.url)
    const { realm, clientId, clientSecret } = real
    adapters = adaptersOf({ url: proxy.url, realm, clientId, clientSecret, timeoutMs: 3000 })
    await adapters.realm.ping()
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await real[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    proxy.meddler = () => undefined
  })

  const password = { value: 'correct horse', temporary: false }

  const hashed = () => adapters.credentials.hash(password, 'first')

  async function seen(id: string): Promise<UserRepresentation> {
    const { userProfileMetadata: _, ...user } = (await real.admin.users.findOne({ id })) ?? {}
    return user
  }

  /** The requests that an act came to, without the id of the user in them. */
  async function requestsOf(act: () => Promise<unknown>): Promise<string[]> {
    proxy.taken()
    await act()
    return proxy
      .taken()
      .map((line) => line.replace(/[0-9a-f-]{36}$/, '{id}').replace(`/admin/realms/${real.realm}/`, ''))
  }

  describe('An account that kitter creates in Keycloak', () => {
    it('has the default roles, groups and actions that Keycloak gives to its own', async () => {
      const { admin } = real
      const { id: groupId } = await admin.groups.create({ name: 'everybody' })
      await admin.realms.addDefaultGroup({ realm: real.realm, id: groupId })
      const [action] = (await admin.authenticationManagement.getRequiredActions()).filter(
        ({ alias }) => alias === 'VERIFY_EMAIL',
      )
      const change = (defaultAction: boolean) =>
        admin.authenticationManagement.updateRequiredAction({ alias: 'VERIFY_EMAIL' }, { ...action, defaultAction })
      await change(true)
      const fresh = adaptersOf(real)
      try {
        const account = newAccount()
        await fresh.directory.create(
          account,
          await fresh.credentials.hash({ value: 'first day', temporary: true }, 'first'),
        )
        const roles = await admin.users.listRealmRoleMappings({ id: account.id })
        expect(roles.map(({ name }) => name)).toEqual([`default-roles-${real.realm}`])
        const groups = await admin.users.listGroups({ id: account.id })
        expect(groups.map(({ name }) => name)).toEqual(['everybody'])
        expect((await seen(account.id)).requiredActions?.toSorted()).toEqual(['UPDATE_PASSWORD', 'VERIFY_EMAIL'])
      } finally {
        await change(false)
        await admin.realms.removeDefaultGroup({ realm: real.realm, id: groupId })
      }
    })

    it('costs one call, with a password as without', async () => {
      await adapters.directory.create(newAccount(), await hashed())
      const given = await hashed()
      expect(await requestsOf(() => adapters.directory.create(newAccount(), given))).toEqual(['POST partialImport'])
      expect(await requestsOf(() => adapters.directory.create(newAccount()))).toEqual(['POST partialImport'])
    })

    it('is refused for the address that clashes, although Keycloak names the username', async () => {
      const email = `${randomUUID()}@example.com`
      await real.admin.users.create({ username: `foreign-${randomUUID()}`, email })
      const creating = adapters.directory.create(newAccount({ email: email.toUpperCase() }))
      await expect(creating).rejects.toMatchObject({ kind: 'conflict', code: 'user.email_taken' })
    })

    it('can be changed in everything that it was created with', async () => {
      const account = newAccount({
        loginName: `o'brien+${randomUUID()}`,
        firstName: `D'Arcy "the 3rd"; O/`,
        lastName: 'x'.repeat(255),
        attributes: { domain: ['example.com'], long: ['x'.repeat(2048)], slashed: ['a/b<c>'] },
      })
      await adapters.directory.create(account)
      await adapters.directory.update(account.id, { emailVerified: true, attributes: { more: ['1'] } })
      expect(await adapters.directory.find(account.id)).toMatchObject({
        loginName: account.loginName,
        lastName: account.lastName,
        attributes: { ...account.attributes, more: ['1'] },
      })
    })

    it('keeps the name in lower case that Keycloak keeps so', async () => {
      const id = randomUUID()
      await adapters.directory.create(newAccount({ id, loginName: `UPPER-${id}`, email: `UPPER-${id}@Example.COM` }))
      expect(await adapters.directory.find(id)).toMatchObject({
        loginName: `upper-${id}`,
        email: `upper-${id}@example.com`,
      })
      expect((await adapters.directory.findByLoginName(`Upper-${id}`))?.id).toBe(id)
    })
  })

  describe('A change of an account', () => {
    it('loses nothing that kitter does not know', async () => {
      const { admin } = real
      const { id } = newAccount()
      await adapters.directory.create(
        newAccount({ id, email: `${id}@example.com`, firstName: 'A', lastName: 'B' }),
        await hashed(),
      )
      const { id: groupId } = await admin.groups.create({ name: `group-${id}` })
      await admin.users.addToGroup({ id, groupId })
      const foreign = { requiredActions: ['CONFIGURE_TOTP'], attributes: { domain: ['quobis'], foreign: ['1', '2'] } }
      await admin.users.update({ id }, { ...(await seen(id)), ...foreign })
      const before = await seen(id)

      await adapters.directory.update(id, { lastName: 'C' })
      await adapters.directory.update(id, { attributes: { mine: ['x'] } })
      await adapters.directory.update(id, { email: undefined, attributes: { mine: [] } })

      const { email: _, ...kept } = before
      const after = await seen(id)
      expect(after).toEqual({ ...kept, lastName: 'C' })
      expect(after.attributes).toEqual(foreign.attributes)
      expect((await admin.users.listGroups({ id })).map(({ name }) => name)).toEqual([`group-${id}`])
      expect((await admin.users.getCredentials({ id })).map(({ type }) => type)).toEqual(['password'])
    })

    it('costs two calls, one where the account is known, and a removal one', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      const change = { firstName: 'A', attributes: { more: ['1'] } }
      expect(await requestsOf(() => adapters.directory.update(account.id, change))).toEqual([
        'GET users/{id}',
        'PUT users/{id}',
      ])
      const known = await adapters.directory.find(account.id)
      expect(await requestsOf(() => adapters.directory.update(account.id, { firstName: 'B' }, { known }))).toEqual([
        'PUT users/{id}',
      ])
      expect(await requestsOf(() => adapters.directory.remove(account.id))).toEqual(['DELETE users/{id}'])
    })

    it("tells the caller what an operator's own rules refuse", async () => {
      const { admin } = real
      const profile = await admin.users.getProfile()
      const department = {
        name: 'department',
        permissions: { view: ['admin'], edit: ['admin'] },
        validations: { length: { max: 3 } },
      }
      await admin.users.updateProfile({ ...profile, attributes: [...(profile.attributes ?? []), department] })
      try {
        const account = newAccount()
        await adapters.directory.create(account)
        const changing = adapters.directory.update(account.id, { attributes: { department: ['Sales'] } })
        await expect(changing).rejects.toMatchObject({
          kind: 'invalid',
          details: {
            fields: [{ path: 'attributes.department', problem: expect.stringContaining('error-invalid-length') }],
          },
        })
      } finally {
        await admin.users.updateProfile(profile)
      }
    })
  })

  describe('An answer that gets lost', () => {
    it('does not make a create fail, whether the request arrived or not', async () => {
      for (const meddling of ['drop before', 'drop after'] as const) {
        let left = 1
        proxy.meddler = (line) => (line.endsWith('partialImport') && left-- > 0 ? meddling : undefined)
        const account = newAccount()
        await adapters.directory.create(account, await hashed())
        expect((await real.logIn(account.loginName, password.value)).status).toBe(200)
      }
    })

    it('of a create that took effect is not missed, even where nothing more gets through', async () => {
      proxy.meddler = (line) => (line.endsWith('partialImport') ? 'drop after' : undefined)
      const account = newAccount()
      await adapters.directory.create(account)
      expect(await adapters.directory.find(account.id)).toMatchObject({ loginName: account.loginName })
    })

    it('leaves open what became of any change, where Keycloak goes away with it', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      const fresh = newAccount()
      const changes: [RegExp, () => Promise<unknown>][] = [
        [/partialImport$/, () => adapters.directory.create(fresh)],
        [/^PUT /, () => adapters.directory.update(account.id, { firstName: 'After' })],
        [/^PUT /, () => adapters.credentials.setPassword(account.id, password)],
        [/^DELETE /, () => adapters.directory.remove(account.id)],
      ]
      for (const [line, change] of changes) {
        proxy.meddler = (asked) => (line.test(asked) ? 'drop after and go' : undefined)
        await expect(change()).rejects.toMatchObject({ kind: 'unavailable', details: { outcome: 'unknown' } })
        proxy.meddler = () => undefined
        await proxy.comeBack()
      }
      expect(await adapters.directory.find(fresh.id)).toBeDefined()
      expect(await adapters.directory.find(account.id)).toBeUndefined()
    })

    it('leaves open what became of a create, where Keycloak is slow', async () => {
      proxy.meddler = (line) => (line.endsWith('partialImport') ? { delayMs: 3200 } : undefined)
      const account = newAccount()
      const creating = adapters.directory.create(account)
      await expect(creating).rejects.toMatchObject({ kind: 'unavailable', details: { outcome: 'unknown' } })
      await expect.poll(() => adapters.directory.find(account.id), { timeout: 10_000 }).toBeDefined()
    })

    it('does not make a change or a removal fail', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      let left = 1
      proxy.meddler = (line) => (/^(PUT|DELETE) /.test(line) && left-- > 0 ? 'drop after' : undefined)
      await adapters.directory.update(account.id, { firstName: 'After' })
      expect((await adapters.directory.find(account.id))?.firstName).toBe('After')
      left = 1
      await adapters.directory.remove(account.id)
      expect(await adapters.directory.find(account.id)).toBeUndefined()
    })
  })
})
