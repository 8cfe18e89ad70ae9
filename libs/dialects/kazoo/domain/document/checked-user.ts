import { parseUserName, type UserName } from '#core/users'
import { coerced } from '../fields/coerced.ts'
import { userFields } from '../fields/user-fields.ts'
import { withDefaults } from '../fields/with-defaults.ts'
import type { JsonObject } from '../json-object.ts'
import { mustHaveNone } from '../problems/invalid-document.ts'
import { textIn } from './text-in.ts'
import { extensionOf } from './user-document.ts'
import { userProblems } from './user-problems.ts'

/** A document that stands every check, taken apart into kitter's own and what only the dialect knows. */
export interface CheckedUser {
  /** Nothing where the document has none. */
  readonly username: UserName | undefined
  readonly fields: {
    readonly firstName: string | undefined
    readonly lastName: string | undefined
    readonly email: string | undefined
    readonly enabled: boolean
  }
  readonly password: string | undefined
  readonly extension: JsonObject
}

export function checkedUser(given: JsonObject, before: JsonObject | undefined): CheckedUser {
  const document = withDefaults(userFields, coerced(userFields, normal(given)))
  mustHaveNone(userProblems(document, before))
  const username = textIn(document, 'username')
  return {
    username: username === undefined ? undefined : parseUserName(username),
    fields: {
      firstName: textIn(document, 'first_name'),
      lastName: textIn(document, 'last_name'),
      email: textIn(document, 'email'),
      enabled: document['enabled'] === true,
    },
    password: textIn(document, 'password'),
    extension: extensionOf(document),
  }
}

/** Forms send an empty password where none is to be set. */
function normal({ password, ...document }: JsonObject): JsonObject {
  const username = textIn(document, 'username')
  return {
    ...document,
    ...(password !== undefined && password !== '' && { password }),
    ...(username !== undefined && { username: username.toLowerCase() }),
  }
}
