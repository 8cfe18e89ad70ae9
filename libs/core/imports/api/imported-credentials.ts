import { checkBoolean, checkText } from '#kernel'
import { checkPassword, type GivenPassword } from '#core/users'
import { Field } from '#rest'

/** The password of a user that is imported, or what another system kept of it. */
export class ImportedCredentials {
  @Field({ check: checkPassword })
  readonly password?: string

  @Field({ check: checkText({ min: 1, max: 1024 }) })
  readonly password_hash?: string

  @Field({ check: checkBoolean })
  readonly temporary?: boolean
}

/** Nothing where it says none, or two. */
export function passwordOf({
  password: value,
  password_hash: hash,
  temporary = false,
}: ImportedCredentials): GivenPassword | undefined {
  if (value !== undefined) return hash === undefined ? { value, temporary } : undefined
  return hash === undefined ? undefined : { hash, temporary }
}
