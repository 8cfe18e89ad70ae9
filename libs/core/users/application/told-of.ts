import type { Told } from '#core/audit'
import type { User } from '../domain/user.ts'

/** A user as the audit trail tells of it, in the API's words. */
export function toldOf(user: User): Told {
  return {
    username: user.username,
    domain: user.domain,
    ...(user.email !== undefined && { email: user.email }),
    email_verified: user.emailVerified,
    enabled: user.enabled,
    ...(user.firstName !== undefined && { first_name: user.firstName }),
    ...(user.lastName !== undefined && { last_name: user.lastName }),
    ...(user.phoneNumber !== undefined && { phone_number: user.phoneNumber }),
    attributes: user.attributes,
  }
}
