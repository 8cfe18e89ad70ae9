import { type Account, emailKey } from '#core/users'

/** The columns of `sandbox.accounts` that make an account, under the account's own names. */
export const accountColumns = `id, login_name AS "loginName", email, email_verified AS "emailVerified", enabled,
  first_name AS "firstName", last_name AS "lastName", attributes`

export interface AccountRow {
  readonly id: string
  readonly loginName: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly enabled: boolean
  readonly firstName: string | null
  readonly lastName: string | null
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

export function accountOf(row: AccountRow): Account {
  return {
    ...row,
    email: row.email ?? undefined,
    firstName: row.firstName ?? undefined,
    lastName: row.lastName ?? undefined,
  }
}

/** What tells two login names apart: case doesn't. Made here, because what `lower()` knows depends on the database. */
export function loginKey(loginName: string): string {
  return loginName.toLowerCase()
}

/** The values of `id, login_name, login_key, email, email_key, email_verified, enabled, first_name, last_name, attributes`. */
export function valuesOf({
  id,
  loginName,
  email,
  emailVerified,
  enabled,
  firstName,
  lastName,
  attributes,
}: Account): unknown[] {
  const kept = Object.entries(attributes).filter(([, values]) => values.length > 0)
  return [
    id,
    loginName,
    loginKey(loginName),
    email,
    email === undefined ? undefined : emailKey(email),
    emailVerified,
    enabled,
    firstName,
    lastName,
    JSON.stringify(Object.fromEntries(kept)),
  ]
}
