import type { JsonObject } from '../json-object.ts'
import { type NewExtendedUser, newUser } from '../document/new-user.ts'
import { textIn } from '../document/text-in.ts'
import { required } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'

const id = /^[0-9a-f]{32}$/

/**
 * The user that a document of Kazoo's describes. One without a username is named after its id there, so that it's the same user
 * when it comes again. Throws what is wrong with it.
 */
export function exportedUser(document: JsonObject): NewExtendedUser {
  return newUser(document, idIn(document))
}

function idIn(document: JsonObject): string {
  const given = textIn(document, 'id') ?? textIn(document, '_id') ?? ''
  if (id.test(given)) return given
  // nobody needs it where there is a name
  if (textIn(document, 'username') !== undefined) return '0'.repeat(32)
  throw new InvalidDocument([required(['username'], 'Field is required of a document without an id of 32 digits')])
}
