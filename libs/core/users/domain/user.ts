import { randomUUID } from 'node:crypto'
import { isUuid } from '#kernel'
import type { DomainName } from '#core/domains'
import { type AttributesInput, mergeAttributes, type UserAttributes } from './user-attributes.ts'
import type { UserName } from './user-name.ts'

/** What a user is made of. Absent text is `undefined`, never empty. */
export interface UserFields {
  readonly username: UserName
  readonly domain: DomainName
  /** Kept as given, compared lower-case. */
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly enabled: boolean
  /** Also the display name at wac-core. */
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  /** Free text, as people write numbers. */
  readonly phoneNumber?: string | undefined
  readonly attributes: UserAttributes
}

/** A user under the id that kitter chose, which is the account's id in Keycloak and `externalId` at wac-core. */
export interface User extends UserFields {
  readonly id: string
}

/** An absent field stays as it is, `undefined` clears it, attributes merge key by key. */
export type UserChange = Partial<Omit<UserFields, 'attributes'>> & { readonly attributes?: AttributesInput }

export function newUser(fields: UserFields): User {
  return { ...fields, id: randomUUID() }
}

export function changed(user: User, { attributes = {}, ...fields }: UserChange): User {
  return { ...user, ...fields, attributes: mergeAttributes(user.attributes, attributes) }
}

export function isUserId(text: string): boolean {
  return isUuid(text)
}
