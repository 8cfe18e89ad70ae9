import {
  below,
  type Check,
  checkListOf,
  checkNotBlank,
  checkPattern,
  checkText,
  type FieldProblem,
  isPlainObject,
} from '#kernel'
import { checkDomainName } from '#core/domains'

/** A user's free attributes, without `domain` and `phone_number`: each has one value or more. */
export type UserAttributes = Readonly<Record<string, readonly string[]>>

/** What a body says of attributes: `null` and an empty list remove one. */
export type AttributesInput = Readonly<Record<string, string | readonly string[] | null>>

const fields = new Set(['username', 'email', 'id'])

/** What Keycloak keeps for itself among a user's attributes, in lower case: it overrides, swallows or refuses them. */
const reserved = new Set([
  'created_timestamp',
  'createtimestamp',
  'firstname',
  'kc.email.pending',
  'kerberos_principal',
  'lastname',
  'ldap_entry_dn',
  'ldap_id',
  'locale',
  'modifytimestamp',
  'terms_and_conditions',
])

/** Before a key it makes Keycloak take the attribute for the one behind it: `user.attributes.domain` for `domain`. */
const alias = 'user.attributes.'

function isReserved(key: string): boolean {
  const name = key.toLowerCase()
  return reserved.has(name) || name.startsWith(alias)
}

/** Whether kitter can keep an attribute of this key that it finds in an account. */
export function isKeptAttribute(key: string): boolean {
  return key !== '__proto__' && !fields.has(key) && !isReserved(key)
}

const checkKey = checkPattern(checkText({ min: 1, max: 255 }), /^(?!__proto__$)/, 'is reserved')
const checkValue = checkNotBlank(checkText({ max: 2048, controlCharacters: true }))
const checkValues = checkListOf(checkValue, 1000)
const checkPhoneNumber = checkNotBlank(checkText({ max: 255 }))

export const checkAttributes: Check = (value) => {
  if (!isPlainObject(value)) return [{ path: '', problem: 'must be an object' }]
  return Object.entries(value).flatMap(([key, entry]) => below(key, checkAttribute(key, entry)))
}

function checkAttribute(key: string, value: unknown): readonly FieldProblem[] {
  if (fields.has(key)) return [{ path: '', problem: 'is a field of the user, not an attribute' }]
  if (isReserved(key)) return [{ path: '', problem: "is one of Keycloak's own, and can't be an attribute" }]
  const problems = checkKey(key)
  if (problems.length > 0) return problems
  if (value === null) return []
  if (key === 'domain') return checkSingle(value, checkDomainName)
  if (key === 'phone_number') return checkSingle(value, checkPhoneNumber)
  if (typeof value === 'string') return checkValue(value)
  return Array.isArray(value)
    ? checkValues(value)
    : [{ path: '', problem: 'must be a string, a list of strings, or null' }]
}

function checkSingle(value: unknown, check: Check): readonly FieldProblem[] {
  if (!Array.isArray(value)) return check(value)
  return value.length <= 1 ? value.flatMap((only) => check(only)) : [{ path: '', problem: 'must be a single string' }]
}

/** The values that count: an empty string is no value. */
export function valuesOf(input: string | readonly string[] | null): readonly string[] {
  const values = input === null ? [] : typeof input === 'string' ? [input] : input
  return values.filter((value) => value !== '')
}

/** The attributes after a patch, key by key. */
export function mergeAttributes(attributes: UserAttributes, patch: AttributesInput): UserAttributes {
  const changed = Object.entries(patch).map(([key, input]) => [key, valuesOf(input)] as const)
  const merged = new Map([...Object.entries(attributes), ...changed])
  return Object.fromEntries([...merged].filter(([, values]) => values.length > 0))
}
