import { type ExtendedUser, userDocument } from '../document/user-document.ts'
import { revisionOf } from './revision.ts'
import type { Told } from './told.ts'

/** Something about a user that isn't their document, with the document's revision. */
export function toldOfUser(seen: ExtendedUser, data: unknown): Told {
  return { data, revisionOfUser: revisionOf(userDocument(seen)) }
}
