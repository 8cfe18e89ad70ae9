import { type ChangedUser, parseUserName } from '#core/users'
import { generatedName } from '../ids/generated-name.ts'
import { kazooId } from '../ids/kazoo-id.ts'
import type { JsonObject } from '../json-object.ts'
import { mustHaveNone } from '../problems/invalid-document.ts'
import { type CheckedUser, checkedUser } from './checked-user.ts'
import { merged } from './merged.ts'
import { readDocument } from './read-document.ts'
import { shapeProblems } from './shape-problems.ts'
import { type ExtendedUser, type ShownUser, userDocument } from './user-document.ts'
import { unverifiedIfNew } from './unverified-if-new.ts'

/** A change of a user, for the core and for the dialect. */
export interface ChangedExtendedUser {
  readonly change: ChangedUser['change']
  readonly password: string | undefined
  /** The whole of it, as it will be. */
  readonly extension: JsonObject
}

/** What becomes of a user by a document that takes the place of theirs. */
export function replacedUser(seen: ExtendedUser, data: unknown): ChangedExtendedUser {
  return changeTo(seen.user, checkedUser(readDocument(data), userDocument(seen)))
}

/** What becomes of a user by a document that is merged into theirs. */
export function patchedUser(seen: ExtendedUser, data: unknown): ChangedExtendedUser {
  const { id: _, ...before } = userDocument(seen)
  const after = merged(before, readDocument(data))
  // patch by patch it may have become more than one may send at once
  mustHaveNone(shapeProblems(after))
  return changeTo(seen.user, checkedUser(after, before))
}

function changeTo(user: ShownUser, { username, fields, password, extension }: CheckedUser): ChangedExtendedUser {
  // the same each time it's asked, as a change that is decided twice must be
  const next = username ?? parseUserName(generatedName(kazooId(user.id)))
  const isShown = userDocument({ user, extension: undefined })['username'] !== undefined
  const isRenamed = username === undefined ? isShown : username !== user.username
  const change = { ...fields, ...unverifiedIfNew(fields.email, user.email), ...(isRenamed && { username: next }) }
  return { change, password, extension }
}
