import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import type { Account, AccountChange } from '#core/users'
import type { UserShape } from '../realm/answer-shapes.ts'
import type { NewUser } from './importer.ts'

type Fields = Omit<AccountChange, 'attributes'>

/** The account that Keycloak shows. Its login names and addresses are in lower case. */
export function accountOf({ username, requiredActions, ...shown }: UserShape): Account {
  const { id, email, emailVerified, enabled, firstName, lastName, attributes } = shown
  const account = { id, loginName: username, email, emailVerified, enabled, firstName, lastName, attributes }
  return requiredActions.length === 0 ? account : { ...account, requiredActions }
}

/** The account as it is imported. An import would keep an empty text. */
export function representationOf({ id, loginName, attributes, requiredActions: _, ...fields }: Account): NewUser {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), id, username: loginName, attributes: withValues(attributes) }
}

/**
 * What has to be put to make the change. Without attributes, a field that is absent stays. With them they are replaced
 * all together, and Keycloak clears the names and the address that aren't beside them.
 */
export function updateOf(before: Account, { attributes, ...fields }: AccountChange): UserRepresentation {
  if (attributes === undefined) return put(fields)
  const { id: _, requiredActions: __, attributes: kept, ...was } = before
  return { ...put({ ...was, ...fields }), attributes: withValues({ ...kept, ...attributes }) }
}

/** An empty text clears a field. */
function put({ loginName, ...fields }: Fields): UserRepresentation {
  const texts = Object.entries(fields).map(([name, value]) => [name, value ?? ''] as const)
  return { ...Object.fromEntries(texts), ...(loginName !== undefined && { username: loginName }) }
}

function withValues(attributes: Account['attributes']): Record<string, string[]> {
  const given = Object.entries(attributes).filter(([, values]) => values.length > 0)
  return Object.fromEntries(given.map(([key, values]) => [key, [...values]]))
}
