import type { RealmWork } from './realm-work.ts'
import { mendProfile } from './user-profile.ts'

export async function ensureProfile({ keycloak, changes, exists }: RealmWork): Promise<void> {
  const current = exists ? await keycloak.users.getProfile() : {}
  const { differences, profile } = mendProfile(current)
  await changes.makeAll(
    differences.map(({ sentence }) => `${sentence} (user profile)`),
    () => keycloak.users.updateProfile(profile),
  )
}
