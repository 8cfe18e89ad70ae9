import { type NewPassword, unknownUser } from '#core/users'
import { isMissing } from '../realm/keycloak-answer.ts'
import type { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { refusedPassword } from './refusals.ts'

/** Has Keycloak itself judge, hash and set a password. */
export async function resetPassword(
  realm: KeycloakRealm,
  id: string,
  { value, temporary }: NewPassword,
): Promise<void> {
  const credential = { type: 'password', value, temporary }
  try {
    await realm.change((admin) => admin.users.resetPassword({ id, credential }))
  } catch (error) {
    if (isMissing(error, 'user')) throw unknownUser()
    throw refusedPassword(error) ?? error
  }
}
