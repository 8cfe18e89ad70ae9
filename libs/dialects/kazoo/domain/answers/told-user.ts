import { type ExtendedUser, userDocument } from '../document/user-document.ts'
import { revisionOf } from './revision.ts'
import type { Told } from './told.ts'

/** A user's document with its revision. */
export function toldUser(seen: ExtendedUser): Told {
  const document = userDocument(seen)
  return { data: document, revision: revisionOf(document) }
}
