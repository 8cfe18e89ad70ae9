import type { User } from '#core/users'
import { userFields } from '../fields/user-fields.ts'
import { withDefaults } from '../fields/with-defaults.ts'
import { isGeneratedName } from '../ids/generated-name.ts'
import { kazooId } from '../ids/kazoo-id.ts'
import type { JsonObject } from '../json-object.ts'
import { sorted } from './sorted.ts'

/** What Keycloak and wac-core know of a user is theirs, and not in the extension. */
const kitterKeys = ['username', 'first_name', 'last_name', 'email', 'enabled'] as const

type KitterKey = (typeof kitterKeys)[number]

const notInExtension = new Set<string>([...kitterKeys, 'password', 'id'])

export function isKitterKey(key: string | undefined): key is KitterKey {
  return kitterKeys.some((kitterKey) => kitterKey === key)
}

/** Of a document, what only the dialect knows. */
export function extensionOf(document: JsonObject): JsonObject {
  return sorted(withoutKitterKeys(document))
}

function withoutKitterKeys(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !notInExtension.has(key)))
}

/** What a user has whom the dialect hasn't seen yet. */
export const defaultExtension: JsonObject = extensionOf(withDefaults(userFields, {}))

export type ShownUser = Pick<User, 'id' | 'username' | 'email' | 'enabled' | 'firstName' | 'lastName'>

/** A user together with what only the dialect knows of them. */
export interface ExtendedUser {
  readonly user: ShownUser
  readonly extension: JsonObject | undefined
}

/** The document as clients see it: phone number and attributes of kitter's own aren't in it. */
export function userDocument({ user, extension = defaultExtension }: ExtendedUser): JsonObject {
  return sorted({ ...withoutKitterKeys(extension), ...kitterPart(user), id: kazooId(user.id) })
}

function kitterPart({ username, firstName, lastName, email, enabled }: ShownUser): Partial<Record<KitterKey, unknown>> {
  return {
    enabled,
    ...(firstName !== undefined && { first_name: firstName }),
    ...(lastName !== undefined && { last_name: lastName }),
    ...(email !== undefined && { email }),
    ...(!isGeneratedName(username) && { username }),
  }
}
