import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'Administrators in Keycloak', () => {
  let real: RealRealm
  beforeAll(async () => {
    real = await RealRealm.create()
  })
  afterAll(() => real[Symbol.asyncDispose]())

  async function newUser(): Promise<string> {
    const account = newAccount()
    await adaptersOf(real).directory.create(account)
    return account.id
  }

  const roleOf = (id: string) => adaptersOf(real).administrators.roleOf(id)
  const isAdministrator = (id: string): Promise<boolean> => adaptersOf(real).administrators.includes(id)

  describe('Who is an administrator', () => {
    it('is nobody with the default roles, and nobody who is not there', async () => {
      expect(await isAdministrator(await newUser())).toBe(false)
      expect(await isAdministrator(randomUUID())).toBe(false)
    })

    it.each(['kitter-admin', 'kitter-viewer', 'kitter-domain-admin'])('is who has the role %s', async (name) => {
      const id = await newUser()
      const role = await real.admin.roles.findOneByName({ name })
      await real.admin.users.addRealmRoleMappings({ id, roles: [{ id: role?.id ?? '', name }] })
      expect(await isAdministrator(id)).toBe(true)
      expect(await roleOf(id)).toBe(name)
    })

    it('has the most powerful of the roles, or none', async () => {
      const id = await newUser()
      expect([await roleOf(id), await roleOf(randomUUID())]).toEqual([undefined, undefined])
      for (const name of ['kitter-viewer', 'kitter-domain-admin']) {
        const role = await real.admin.roles.findOneByName({ name })
        await real.admin.users.addRealmRoleMappings({ id, roles: [{ id: role?.id ?? '', name }] })
      }
      expect(await roleOf(id)).toBe('kitter-domain-admin')
    })

    it('is who has it by a group, or inside another role', async () => {
      const { admin } = real
      const role = await admin.roles.findOneByName({ name: 'kitter-admin' })
      const roles = [{ id: role?.id ?? '', name: 'kitter-admin' }]
      const [byGroup, byRole] = [await newUser(), await newUser()]
      const { id: groupId } = await admin.groups.create({ name: 'admins' })
      await admin.groups.addRealmRoleMappings({ id: groupId, roles })
      await admin.users.addToGroup({ id: byGroup, groupId })
      await admin.roles.create({ name: 'boss' })
      const boss = await admin.roles.findOneByName({ name: 'boss' })
      await admin.roles.createComposite({ roleId: boss?.id ?? '' }, [{ id: role?.id ?? '', name: 'kitter-admin' }])
      await admin.users.addRealmRoleMappings({ id: byRole, roles: [{ id: boss?.id ?? '', name: 'boss' }] })
      expect([await isAdministrator(byGroup), await isAdministrator(byRole)]).toEqual([true, true])
    })

    it("is who may manage the realm's users", async () => {
      const { admin } = real
      const id = await newUser()
      const [management] = await admin.clients.find({ clientId: 'realm-management' })
      const clientUniqueId = management?.id ?? ''
      const role = await admin.clients.findRole({ id: clientUniqueId, roleName: 'manage-users' })
      await admin.users.addClientRoleMappings({
        id,
        clientUniqueId,
        roles: [{ id: role?.id ?? '', name: 'manage-users' }],
      })
      expect(await isAdministrator(id)).toBe(true)
    })
  })
})
