import { canonicalJson, isPlainObject } from '#kernel'
import { userFields } from '../fields/user-fields.ts'
import { withDefaults } from '../fields/with-defaults.ts'
import type { JsonObject } from '../json-object.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { type ExtendedUser, userDocument } from './user-document.ts'
import { valueAt } from './value-at.ts'

/**
 * What portals and switches believe of a user: whom they may call and by which numbers, who they say they are, what they may
 * do there, and what is kept of the calls of those whom they speak to. PINs are theirs.
 */
const decidedByOthers = [
  'call_recording',
  'call_restriction',
  'caller_id_options',
  'dial_plan',
  'feature_level',
  'flags',
  'formatters',
  'metaflows',
  'priv_level',
  'require_password_update',
  'verified',
]

/** Throws where somebody changes of their own document what others decide. */
export function requireOwnDocumentChange(seen: ExtendedUser, extension: JsonObject): void {
  const before = withDefaults(userFields, userDocument(seen))
  const paths = [...decidedByOthers.map((key) => [key]), ...callersIn([before, extension])]
  const changed = paths.filter((path) => textAt(before, path) !== textAt(extension, path))
  if (changed.length > 0) throw new NotForOneself(changed.map((path) => path.join('.')).toSorted())
}

/** Where it's said who calls: all but what is shown within the account. */
function callersIn(documents: readonly JsonObject[]): readonly (readonly string[])[] {
  const keys = documents.flatMap(({ caller_id: callers }) => (isPlainObject(callers) ? Object.keys(callers) : []))
  return [...new Set(keys)].filter((key) => key !== 'internal').map((key) => ['caller_id', key])
}

function textAt(document: JsonObject, path: readonly string[]): string {
  return canonicalJson(valueAt(document, path))
}
