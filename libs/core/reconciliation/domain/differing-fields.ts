import { textOf } from '#kernel'
import { emailKey, type LoginNames, type UserAttributes, type UserRecord } from '#core/users'
import type { FieldDifference, SystemName } from './difference.ts'
import { freeAttributesOf, shownAttribute, usernameOf, type UserSides } from './user-sides.ts'

/** Fields in the API's words. A system doesn't have those that aren't there; absent values are `undefined`. */
type Fields = ReadonlyMap<string, unknown>

/** The fields that not all systems that have the user and the field agree on. */
export function differingFields(sides: UserSides, loginNames: LoginNames): readonly FieldDifference[] {
  const all = fieldsBySystem(sides, loginNames)
  const names = [...new Set(all.flatMap(([, fields]) => [...fields.keys()]))]
  const differing = names.flatMap((field) => {
    const values = all
      .filter(([, fields]) => fields.has(field))
      .map(([system, fields]) => [system, fields.get(field)] as const)
    const distinct = new Set(values.map(([, value]) => compared(field, value)))
    return distinct.size <= 1 ? [] : [{ field, values: Object.fromEntries(values) }]
  })
  // the one says it already
  const isRenamed = differing.some(({ field }) => field === 'username')
  return isRenamed ? differing.filter(({ field }) => field !== 'login_name') : differing
}

function fieldsBySystem(sides: UserSides, loginNames: LoginNames): readonly (readonly [SystemName, Fields])[] {
  const { account, communications, record } = sides
  const keys = attributeKeys(sides)
  const all: (readonly [SystemName, Fields])[] = []
  if (account !== undefined) all.push(['keycloak', fieldsOfAccount(sides, account, loginNames, keys)])
  if (communications !== undefined) all.push(['wac-core', fieldsOfCommunications(communications)])
  if (record !== undefined) all.push(['kitter', fieldsOfRecord(record, keys)])
  return all
}

function attributeKeys({ account, record }: UserSides): readonly string[] {
  const ofAccount = account === undefined ? {} : freeAttributesOf(account)
  return [...new Set([...Object.keys(ofAccount), ...Object.keys(record?.user.attributes ?? {})])]
}

function fieldsOfAccount(
  sides: UserSides,
  account: NonNullable<UserSides['account']>,
  loginNames: LoginNames,
  keys: readonly string[],
): Fields {
  return new Map<string, unknown>([
    ['username', usernameOf(sides, loginNames) ?? account.loginName],
    ['login_name', account.loginName],
    ['email', account.email],
    ['email_verified', account.emailVerified],
    ['enabled', account.enabled],
    ['first_name', account.firstName],
    ['last_name', account.lastName],
    ['phone_number', shownAttribute(account, 'phone_number')],
    ['domain', shownAttribute(account, 'domain')],
    ['external_id', account.id],
    ...attributeFields(freeAttributesOf(account), keys),
  ])
}

function fieldsOfCommunications({ id, user }: NonNullable<UserSides['communications']>): Fields {
  return new Map<string, unknown>([
    ['username', user.username],
    ['email', textOf(user.email)],
    ['first_name', textOf(user.displayName)],
    ['phone_number', textOf(user.phoneNumber)],
    ['domain', user.domain],
    ['external_id', textOf(user.externalId)],
    ['communications_id', id],
  ])
}

function fieldsOfRecord({ user, loginName, communicationsId }: UserRecord, keys: readonly string[]): Fields {
  return new Map<string, unknown>([
    ['username', user.username],
    ['login_name', loginName],
    ['email', user.email],
    ['email_verified', user.emailVerified],
    ['enabled', user.enabled],
    ['first_name', user.firstName],
    ['last_name', user.lastName],
    ['phone_number', user.phoneNumber],
    ['domain', user.domain],
    ['external_id', user.id],
    ['communications_id', communicationsId],
    ...attributeFields(user.attributes, keys),
  ])
}

function attributeFields(attributes: UserAttributes, keys: readonly string[]): readonly (readonly [string, unknown])[] {
  return keys.map((key) => [`attributes.${key}`, Object.hasOwn(attributes, key) ? attributes[key] : undefined])
}

/** Addresses compare in any case, and values in any order: Keycloak promises none. */
function compared(field: string, value: unknown): string {
  if (field === 'email' && typeof value === 'string') return JSON.stringify(emailKey(value))
  if (Array.isArray(value)) return JSON.stringify(value.toSorted())
  return JSON.stringify(value ?? null)
}
