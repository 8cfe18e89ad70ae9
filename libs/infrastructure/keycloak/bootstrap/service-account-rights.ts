import type { RealmWork } from './realm-work.ts'

/** The roles of `realm-management` that kitter's service account needs; docs/decisions says what each is for. */
export const kitterRights = ['manage-realm', 'manage-users', 'view-clients', 'view-events'] as const
export type KitterRight = (typeof kitterRights)[number]

/** Gives the rights that are missing. Those that an operator gave beyond them stay. */
export async function ensureRights(work: RealmWork, clientUuid: string | undefined): Promise<void> {
  const { keycloak, changes, clientId } = work
  const account = clientUuid === undefined ? undefined : await accountOf(work, clientUuid)
  for (const right of kitterRights) {
    if (account?.rights.has(right) === true) continue
    await changes.make(`give the service account of ${clientId} the right ${right}`, async () => {
      if (account === undefined) throw new Error('the client has gone')
      const role = await keycloak.clients.findRole({ id: account.managementId, roleName: right })
      const roles = [{ id: role?.id ?? '', name: right }]
      await keycloak.users.addClientRoleMappings({ id: account.userId, clientUniqueId: account.managementId, roles })
    })
  }
}

async function accountOf({ keycloak }: RealmWork, clientUuid: string) {
  const [management] = await keycloak.clients.find({ clientId: 'realm-management' })
  const { id: userId = '' } = await keycloak.clients.getServiceAccountUser({ id: clientUuid })
  const managementId = management?.id ?? ''
  const roles = await keycloak.users.listCompositeClientRoleMappings({ id: userId, clientUniqueId: managementId })
  return { userId, managementId, rights: new Set(roles.map(({ name }) => name)) }
}
