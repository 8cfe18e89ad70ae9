import { parseDomainName } from '#core/domains'
import { parseUserName, type UserRecord } from '#core/users'

/** A user as its row says it. */
export interface UserRow {
  readonly id: string
  readonly username: string
  readonly domain: string
  readonly login_name: string
  readonly email: string | null
  readonly email_verified: boolean
  readonly enabled: boolean
  readonly first_name: string | null
  readonly last_name: string | null
  readonly phone_number: string | null
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly communications_id: string
}

export const userColumns =
  'id, username, domain, login_name, email, email_verified, enabled, first_name, last_name, phone_number, attributes, communications_id'

export function recordOf(row: UserRow): UserRecord {
  const user = {
    id: row.id,
    username: parseUserName(row.username),
    domain: parseDomainName(row.domain),
    email: row.email ?? undefined,
    emailVerified: row.email_verified,
    enabled: row.enabled,
    firstName: row.first_name ?? undefined,
    lastName: row.last_name ?? undefined,
    phoneNumber: row.phone_number ?? undefined,
    attributes: row.attributes,
  }
  return { user, loginName: row.login_name, communicationsId: row.communications_id }
}
