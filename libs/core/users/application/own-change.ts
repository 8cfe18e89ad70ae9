import { type Actor, ownOnly } from '#kernel'
import type { GivenPassword } from '../domain/password.ts'
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

interface OwnChange {
  readonly change: UserChange
  readonly password?: GivenPassword | undefined
}

/**
 * Throws where somebody who has none of the roles would change more of their own user than their names. A password is set
 * where the realm asks for the one before: whoever got hold of a token for an hour would have the account for good.
 */
export function requireOwnChange({ role }: Actor, user: User, { change, password }: OwnChange): void {
  if (role !== ownOnly) return
  if (password !== undefined) throw notForOneself()
  const after = changed(user, change)
  const isSame = decidedByOthers.every((name) => JSON.stringify(user[name]) === JSON.stringify(after[name]))
  if (!isSame) throw notForOneself()
}
