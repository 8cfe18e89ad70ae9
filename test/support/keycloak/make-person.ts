import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type { Role } from '#kernel'
import { giveRealmRole } from './give-realm-role.ts'

export interface Person {
  readonly username: string
  readonly password: string
  readonly role: Role
  /** The claim of that name. */
  readonly domain?: string | undefined
}

/** Somebody who can log in, with a role for kitter's API. */
export async function makePerson(admin: KeycloakAdminClient, person: Person): Promise<void> {
  const { username, password, role, domain } = person
  const { id } = await admin.users.create({
    username,
    enabled: true,
    credentials: [{ type: 'password', value: password }],
    ...(domain !== undefined && { attributes: { domain: [domain] } }),
  })
  await giveRealmRole(admin, id, role)
}
