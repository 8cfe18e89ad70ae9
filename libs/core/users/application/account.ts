import type { User } from '../domain/user.ts'
import type { CommunicationsUser } from './communications-users.ts'
import type { Account, AccountChange } from './identity-directory.ts'

/** The user as Keycloak keeps it. */
export function accountOf(user: User, loginName: string): Account {
  return {
    id: user.id,
    loginName,
    email: user.email,
    emailVerified: user.emailVerified,
    enabled: user.enabled,
    firstName: user.firstName,
    lastName: user.lastName,
    attributes: attributesOf(user),
  }
}

/** The user as wac-core keeps it. */
export function communicationsUserOf(user: User): CommunicationsUser {
  return {
    externalId: user.id,
    domain: user.domain,
    username: user.username,
    displayName: user.firstName,
    email: user.email,
    phoneNumber: user.phoneNumber,
  }
}

/** What has to be told to Keycloak to make an account of `before` one of `after`; removed attributes are empty lists. */
export function changeBetween(before: Account, after: Account): AccountChange {
  const { id: _, attributes, requiredActions: __, ...fields } = after
  const changed = Object.entries(fields).filter(([name, value]) => Reflect.get(before, name) !== value)
  const changedAttributes = attributeChange(before.attributes, attributes)
  return {
    ...Object.fromEntries(changed),
    ...(Object.keys(changedAttributes).length > 0 && { attributes: changedAttributes }),
  }
}

/** The change that takes another one back, given the account as it was before. */
export function reverseOf(change: AccountChange, before: Account): AccountChange {
  const names = Object.keys(change).filter((name) => name !== 'attributes')
  const keys = Object.keys(change.attributes ?? {})
  return {
    ...Object.fromEntries(names.map((name) => [name, Reflect.get(before, name)])),
    attributes: Object.fromEntries(keys.map((key) => [key, valuesOf(before.attributes, key)])),
  }
}

function attributesOf(user: User): Account['attributes'] {
  return {
    ...user.attributes,
    domain: [user.domain],
    ...(user.phoneNumber !== undefined && { phone_number: [user.phoneNumber] }),
  }
}

function attributeChange(before: Account['attributes'], after: Account['attributes']): Account['attributes'] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  const changed = [...keys].filter(
    (key) => JSON.stringify(valuesOf(before, key)) !== JSON.stringify(valuesOf(after, key)),
  )
  return Object.fromEntries(changed.map((key) => [key, valuesOf(after, key)]))
}

/** Of the attributes' own keys: every object inherits a `constructor`. */
function valuesOf(attributes: Account['attributes'], key: string): readonly string[] {
  return Object.hasOwn(attributes, key) ? (attributes[key] ?? []) : []
}
