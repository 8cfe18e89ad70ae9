import { type Actor, ownOnly } from '#kernel'
import { changed, type User, type UserChange } from '../domain/user.ts'
import { notForOneself } from '../domain/user-errors.ts'

/** What others decide about a user, or must have made sure of. */
const decidedByOthers = [
  'username',
  'domain',
  'email',
  'emailVerified',
  'enabled',
  'phoneNumber',
  'attributes',
] as const

/** Throws where somebody who has none of the roles would change more of their own user than their names. */
export function requireOwnChange({ role }: Actor, user: User, change: UserChange): void {
  if (role !== ownOnly) return
  const after = changed(user, change)
  const isSame = decidedByOthers.every((name) => JSON.stringify(user[name]) === JSON.stringify(after[name]))
  if (!isSame) throw notForOneself()
}
