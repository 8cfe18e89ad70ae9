import { type Account, type CommunicationsUser, emailKey, isUserId } from '#core/users'

/** Of JSON that is to be compared only a digest is kept: it's small, and no second copy of what is known of people. */
export function digestOf(content: string): string {
  return `sha256(convert_to((${content})::text, 'UTF8'))`
}

export function comparableAccount(account: Account): object {
  const { loginName, emailVerified, enabled, attributes } = account
  return {
    loginName,
    email: emailOf(account),
    emailVerified,
    enabled,
    firstName: textOf(account.firstName),
    lastName: textOf(account.lastName),
    attributes,
  }
}

/** The same of one of kitter's own rows. */
export const accountOfRow = `jsonb_build_object(
  'loginName', login_name,
  'email', nullif(email_key, ''),
  'emailVerified', email_verified,
  'enabled', enabled,
  'firstName', nullif(first_name, ''),
  'lastName', nullif(last_name, ''),
  'attributes', attributes || jsonb_build_object('domain', jsonb_build_array(domain)) ||
    CASE WHEN phone_number <> '' THEN jsonb_build_object('phone_number', jsonb_build_array(phone_number)) ELSE '{}' END)`

export function comparableCommunicationsUser(user: CommunicationsUser): object {
  return {
    domain: user.domain,
    username: user.username,
    displayName: textOf(user.displayName),
    email: emailOf(user),
    phoneNumber: textOf(user.phoneNumber),
  }
}

/** The same of one of kitter's own rows. */
export const communicationsUserOfRow = `jsonb_build_object(
  'domain', domain,
  'username', username,
  'displayName', nullif(first_name, ''),
  'email', nullif(email_key, ''),
  'phoneNumber', nullif(phone_number, ''))`

/** Whose it is, if it says one who can be kitter's. */
export function linkedUser({ externalId }: CommunicationsUser): string | undefined {
  return externalId !== undefined && isUserId(externalId) ? externalId : undefined
}

function emailOf({ email }: Account | CommunicationsUser): string | null {
  const text = textOf(email)
  return text === null ? null : emailKey(text)
}

/** Absent text of any kind. */
function textOf(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text
}
