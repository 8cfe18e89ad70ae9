import type { DomainName } from '#core/domains'
import { emailKey, isUserId, type LoginNames, type User, type UserName, type UserRecord } from '#core/users'
import type { Difference, Remedy } from './difference.ts'
import { differingFields } from './differing-fields.ts'
import { domainOf, freeAttributesOf, missingIn, phoneNumberOf, usernameOf, type UserSides } from './user-sides.ts'

export interface UserDrift {
  readonly difference: Difference
  /** How the user should be everywhere: who it is as Keycloak says, where it belongs as wac-core says. None is to be gone. */
  readonly goal?: UserRecord | undefined
  /** Why it can't be mended, in a sentence. */
  readonly problem?: string | undefined
}

export interface DriftRules {
  readonly loginNames: LoginNames
  /** Where an account belongs that names no domain. */
  readonly root: DomainName
  /** What was removed elsewhere is removed here, too, instead of being made again. */
  readonly remove: boolean
}

/** How the systems differ in one user, if they do. */
export function userDrift(sides: UserSides, rules: DriftRules): UserDrift | undefined {
  const difference = differenceOf(sides, rules)
  if (difference.missingIn.length === 3) return undefined
  if (difference.missingIn.length + difference.fields.length === 0) return undefined
  if (difference.remedy === 'remove' || difference.remedy === 'none') return { difference }
  if (!isUserId(sides.id)) return { difference, problem: "Its id in Keycloak can't be one of kitter's." }
  const username = usernameOf(sides, rules.loginNames)
  const domain = domainOf(sides) ?? rules.root
  if (username === undefined) return { difference, problem: "Its login name can't be one of kitter's." }
  if (domain === 'unusable') return { difference, problem: "Its domain's name can't be one of kitter's." }
  const user = userAfter(sides, username, domain)
  if (!rules.loginNames.fits(user)) return { difference, problem: 'Its login name would be too long.' }
  if (!isStorable(user)) return { difference, problem: 'One of its texts has characters that can not be stored.' }
  const communicationsId = sides.communications?.id ?? ''
  return { difference, goal: { user, loginName: rules.loginNames.of(user), communicationsId } }
}

function differenceOf(sides: UserSides, rules: DriftRules): Difference {
  const { id, account, communications } = sides
  const known = usernameOf(sides, rules.loginNames) ?? account?.loginName ?? communications?.user.username
  const domain = domainOf(sides)
  return {
    about: 'user',
    id,
    name: known ?? id,
    domain: domain === 'unusable' ? communications?.user.domain : domain,
    missingIn: missingIn(sides),
    fields: differingFields(sides, rules.loginNames),
    remedy: remedyFor(sides, rules),
  }
}

/** What bears its id at wac-core was once made by kitter. */
function remedyFor({ id, account, communications, record }: UserSides, { remove }: DriftRules): Remedy {
  if (account === undefined && record === undefined)
    return isUserId(communications?.user.externalId ?? '') ? 'remove' : 'none'
  if (account === undefined) return remove ? 'remove' : 'restore'
  if (record === undefined) return communications?.user.externalId === id ? 'restore' : 'adopt'
  return communications === undefined ? 'restore' : 'align'
}

function userAfter(sides: UserSides, username: UserName, domain: DomainName): User {
  const { id, account, record } = sides
  const who = account ?? record?.user
  const keepsEmail = account === undefined || keyOf(account.email) === keyOf(record?.user.email)
  return {
    id,
    username,
    domain,
    // Keycloak keeps it in lower case
    email: keepsEmail ? record?.user.email : account.email,
    emailVerified: who?.emailVerified ?? false,
    // nobody gets in because of a repair
    enabled: account?.enabled ?? false,
    firstName: who?.firstName,
    lastName: who?.lastName,
    phoneNumber: phoneNumberOf(sides),
    attributes: account === undefined ? (record?.user.attributes ?? {}) : freeAttributesOf(account),
  }
}

/** Postgres takes neither U+0000 nor halves of characters. */
function isStorable(user: User): boolean {
  const { attributes, ...fields } = user
  const texts = [...Object.values(fields), ...Object.keys(attributes), ...Object.values(attributes).flat()]
  return texts.every((text) => typeof text !== 'string' || (!text.includes('\0') && text.isWellFormed()))
}

function keyOf(email: string | undefined): string | undefined {
  return email === undefined ? undefined : emailKey(email)
}
