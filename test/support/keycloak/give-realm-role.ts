import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'

/** What an operator does in Keycloak's console. */
export async function giveRealmRole(admin: KeycloakAdminClient, userId: string, name: string): Promise<void> {
  const role = await admin.roles.findOneByName({ name })
  await admin.users.addRealmRoleMappings({ id: userId, roles: [{ id: role?.id ?? '', name }] })
}
