import { below, type FieldProblem, invalid } from '#kernel'
import { type AccountChange, checkAttributes, checkEmail, checkPersonName, checkUserName } from '#core/users'

/**
 * The realm's user profile, with kitter's own rules: the same on every way in. A login name with a domain behind it obeys
 * the rules of a username.
 */
export function requireProfile({ loginName, email, firstName, lastName, attributes }: AccountChange): void {
  const problems: readonly FieldProblem[] = [
    ...(loginName === undefined ? [] : below('username', checkUserName(loginName))),
    ...(email === undefined ? [] : below('email', checkEmail(email))),
    ...(firstName === undefined ? [] : below('firstName', checkPersonName(firstName))),
    ...(lastName === undefined ? [] : below('lastName', checkPersonName(lastName))),
    ...(attributes === undefined ? [] : below('attributes', checkAttributes(attributes))),
  ]
  if (problems.length > 0) throw invalid(problems)
}
