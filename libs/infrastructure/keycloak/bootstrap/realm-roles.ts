import type { RealmWork } from './realm-work.ts'

const roles = {
  'kitter-admin': 'May do everything in kitter',
  'kitter-viewer': 'May read everything in kitter, and change nothing',
  'kitter-domain-admin': 'May administer in kitter the domain of their own "domain" attribute, and those below it',
} as const

export const roleNames: readonly string[] = Object.keys(roles)

export async function ensureRoles({ keycloak, changes, exists }: RealmWork): Promise<void> {
  for (const [name, description] of Object.entries(roles)) {
    const role = exists ? await keycloak.roles.findOneByName({ name }) : undefined
    if (role) continue
    await changes.make(`create the role ${name}`, () => keycloak.roles.create({ name, description }))
  }
}
