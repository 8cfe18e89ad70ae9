import { emailPattern } from './email-pattern.ts'
import {
  UnmanagedAttributePolicy,
  type UserProfileAttribute,
  type UserProfileConfig,
} from '@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js'

const attributePolicy = UnmanagedAttributePolicy.AdminEdit

const byAdmin = { view: ['admin', 'user'], edit: ['admin'] }
const byBoth = { view: ['admin', 'user'], edit: ['admin', 'user'] }

const noControlCharacters = '\\x00-\\x1f\\x7f-\\x9f'
const pattern = (regexp: string, message: string) => ({ pattern: { pattern: regexp, 'error-message': message } })
const personName = {
  length: { max: 255, 'trim-disabled': 'true' },
  ...pattern(`^[^<>${noControlCharacters}]*$`, 'error-person-name-invalid-character'),
}

/** kitter's own rules, as its core has them, in Keycloak's words. Nothing is required that kitter doesn't require. */
export const ownAttributes: readonly UserProfileAttribute[] = [
  {
    name: 'username',
    displayName: '${username}',
    validations: {
      length: { min: 1, max: 255, 'trim-disabled': 'true' },
      // unassigned: letters that are newer than Keycloak's Java
      ...pattern(`^[\\p{L}\\p{M}\\p{N}\\p{Cn}._\\-+@']+$`, 'error-username-invalid-character'),
    },
    permissions: byAdmin,
  },
  {
    name: 'email',
    displayName: '${email}',
    validations: { length: { max: 254, 'trim-disabled': 'true' }, ...pattern(emailPattern, 'error-invalid-email') },
    permissions: byBoth,
  },
  { name: 'firstName', displayName: '${firstName}', validations: personName, permissions: byBoth },
  { name: 'lastName', displayName: '${lastName}', validations: personName, permissions: byBoth },
  {
    name: 'domain',
    displayName: 'Domain',
    validations: {
      length: { min: 1, max: 253, 'trim-disabled': 'true' },
      ...pattern('^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$', 'error-pattern-no-match'),
    },
    permissions: byAdmin,
  },
  {
    name: 'phone_number',
    displayName: 'Phone number',
    validations: {
      length: { max: 255, 'trim-disabled': 'true' },
      ...pattern(`^[^${noControlCharacters}]*$`, 'error-pattern-no-match'),
    },
    permissions: byAdmin,
  },
]

export interface ProfileDifference {
  readonly about: string
  /** An infinitive, such as "let only administrators change usernames". */
  readonly sentence: string
}

/** What differs from kitter's rules, and the profile without these differences: what an operator added beyond them stays. */
export function mendProfile(current: UserProfileConfig): {
  differences: readonly ProfileDifference[]
  profile: UserProfileConfig
} {
  const attributes = current.attributes ?? []
  const known = new Map(attributes.map((attribute) => [attribute.name, attribute]))
  const mended = ownAttributes.map((own) => mendAttribute(known.get(own.name), own))
  const ownNames = new Set(ownAttributes.map(({ name }) => name))
  const others = attributes.filter(({ name }) => !ownNames.has(name))
  const policy = mendPolicy(current)
  return {
    differences: [...mended.flatMap(({ differences }) => differences), ...policy],
    profile: {
      ...current,
      attributes: [...mended.map(({ attribute }) => attribute), ...others],
      unmanagedAttributePolicy: attributePolicy,
    },
  }
}

function mendPolicy({ unmanagedAttributePolicy: policy }: UserProfileConfig): readonly ProfileDifference[] {
  if (policy === attributePolicy) return []
  return [
    { about: 'policy', sentence: `let administrators, and nobody else, set further attributes: ${attributePolicy}` },
  ]
}

function mendAttribute(current: UserProfileAttribute | undefined, own: UserProfileAttribute) {
  const { name = '' } = own
  if (current === undefined) return { attribute: own, differences: [{ about: name, sentence: `declare ${name}` }] }
  const { required, ...rest } = current
  const differences = [
    ...(same(current.validations ?? {}, own.validations) ? [] : [`check ${name} as kitter does`]),
    ...(required === undefined ? [] : [`require ${name} of nobody`]),
    ...(same(sorted(current.permissions?.edit), sorted(own.permissions?.edit))
      ? []
      : [`let ${name} be changed by ${who(own)}`]),
    ...(current.multivalued === true ? [`let ${name} have a single value`] : []),
  ]
  const permissions = {
    view: current.permissions?.view ?? own.permissions?.view ?? [],
    edit: own.permissions?.edit ?? [],
  }
  const attribute: UserProfileAttribute = {
    ...rest,
    validations: own.validations ?? {},
    permissions,
    multivalued: false,
  }
  return { attribute, differences: differences.map((sentence) => ({ about: name, sentence })) }
}

function who({ permissions }: UserProfileAttribute): string {
  return permissions?.edit?.includes('user') === true ? 'administrators and the user' : 'administrators only'
}

function sorted(roles: readonly string[] = []): readonly string[] {
  return roles.toSorted()
}

/** Equal as JSON, whatever the order of keys. */
function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
