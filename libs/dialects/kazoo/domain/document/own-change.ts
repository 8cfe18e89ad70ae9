import { isPlainObject } from '#kernel'
import { userFields } from '../fields/user-fields.ts'
import { withDefaults } from '../fields/with-defaults.ts'
import type { JsonObject } from '../json-object.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { sorted } from './sorted.ts'
import { type ExtendedUser, userDocument } from './user-document.ts'

/** What portals and switches believe of a user: whom they may call, who they say they are, what they may do there. */
const decidedByOthers = [
  'call_restriction',
  'caller_id.emergency',
  'caller_id.external',
  'priv_level',
  'require_password_update',
  'verified',
]

/** Throws where somebody changes of their own document what others decide. */
export function requireOwnDocumentChange(seen: ExtendedUser, extension: JsonObject): void {
  const before = withDefaults(userFields, userDocument(seen))
  const changed = decidedByOthers.filter((path) => textAt(before, path) !== textAt(extension, path))
  if (changed.length > 0) throw new NotForOneself(changed)
}

function textAt(document: JsonObject, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((above, key) => (isPlainObject(above) ? above[key] : undefined), document)
  return JSON.stringify(sorted({ value }))
}
