import { textOf } from '#kernel'
import { type Account, type CommunicationsUser, emailKey, isUserId } from '#core/users'
import { storableJson } from './storable.ts'

/** Of JSON that is to be compared only a digest is kept: it's small, and no second copy of what is known of people. */
export function digestOf(content: string): string {
  return `sha256(convert_to((${content})::text, 'UTF8'))`
}

/** The same attributes whatever order their values stand in. Sorting takes time, and few have several values of one. */
function inAnyOrder(attributes: string): string {
  return `CASE WHEN ${attributes} @? '$.*[1]' THEN (
    SELECT jsonb_object_agg(key, CASE WHEN jsonb_array_length(list) > 1 THEN to_jsonb(ARRAY(
      SELECT value FROM jsonb_array_elements_text(list) AS value ORDER BY value COLLATE "C")) ELSE list END)
    FROM jsonb_each(${attributes}) AS entry (key, list)) ELSE ${attributes} END`
}

export function comparableAccount(account: Account): object {
  const { loginName, emailVerified, enabled, attributes } = account
  return storable({
    loginName,
    email: emailOf(account),
    emailVerified,
    enabled,
    firstName: textOf(account.firstName) ?? null,
    lastName: textOf(account.lastName) ?? null,
    attributes,
  })
}

/** What is compared of it. */
export const accountOfStaged = `jsonb_set(content, '{attributes}', ${inAnyOrder("(content -> 'attributes')")})`

/** The same of one of kitter's own rows. */
export const accountOfRow = `jsonb_build_object(
  'loginName', login_name,
  'email', nullif(email_key, ''),
  'emailVerified', email_verified,
  'enabled', enabled,
  'firstName', nullif(first_name, ''),
  'lastName', nullif(last_name, ''),
  'attributes', ${inAnyOrder('attributes')} || jsonb_build_object('domain', jsonb_build_array(domain)) ||
    CASE WHEN phone_number <> '' THEN jsonb_build_object('phone_number', jsonb_build_array(phone_number)) ELSE '{}' END)`

export function comparableCommunicationsUser(user: CommunicationsUser): object {
  return storable({
    domain: user.domain,
    username: user.username,
    displayName: textOf(user.displayName) ?? null,
    email: emailOf(user),
    phoneNumber: textOf(user.phoneNumber) ?? null,
  })
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

/** What Postgres can't keep as it is must not come to look like what it can. */
function storable(content: object): object {
  return storableJson(content) === JSON.stringify(content) ? content : { ...content, unstorable: true }
}

function emailOf({ email }: Account | CommunicationsUser): string | null {
  const text = textOf(email)
  return text === undefined ? null : emailKey(text)
}
