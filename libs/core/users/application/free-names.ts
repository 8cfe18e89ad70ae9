import type { User } from '../domain/user.ts'
import { emailTaken, userNameTaken } from '../domain/user-errors.ts'
import type { UserRecords } from './user-records.ts'

/** Throws where a name of the user's is another's. */
export async function requireFreeNames(records: UserRecords, { id, email }: User, loginName: string): Promise<void> {
  const [loginOwner, emailOwner] = await Promise.all([
    records.ownerOfLogin(loginName),
    email === undefined ? undefined : records.ownerOfEmail(email),
  ])
  if (loginOwner !== undefined && loginOwner !== id) throw userNameTaken()
  if (emailOwner !== undefined && emailOwner !== id) throw emailTaken()
}
