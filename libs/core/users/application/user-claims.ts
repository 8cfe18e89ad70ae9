import { type Claim, exclusive, takes } from '#core/provisioning'
import { emailKey } from '../domain/email-address.ts'
import { emailTaken, userNameTaken } from '../domain/user-errors.ts'

/** For the change of a user: one at a time. */
export function changesUser(id: string): Claim {
  return exclusive(`user:${id}`)
}

export function takesLoginName(loginName: string): Claim {
  return takes(`login:${loginName}`, userNameTaken())
}

export function takesEmail(email: string): Claim {
  return takes(`email:${emailKey(email)}`, emailTaken())
}
