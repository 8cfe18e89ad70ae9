import { type NewUser, parseUserName } from '#core/users'
import { generatedName } from '../ids/generated-name.ts'
import type { JsonObject } from '../json-object.ts'
import { checkedUser } from './checked-user.ts'
import { readDocument } from './read-document.ts'

/** A user that is to be made, for the core and for the dialect. */
export interface NewExtendedUser {
  readonly fields: NewUser['fields']
  readonly password: string | undefined
  readonly extension: JsonObject
}

/** What a request to make a user says. `hex` (32 digits) names those that have no name. */
export function newUser(data: unknown, hex: string): NewExtendedUser {
  const {
    username = parseUserName(generatedName(hex)),
    fields,
    password,
    extension,
  } = checkedUser(readDocument(data), undefined)
  return { fields: { ...fields, username, emailVerified: false, attributes: {} }, password, extension }
}
