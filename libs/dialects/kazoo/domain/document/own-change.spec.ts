import { expect, it } from 'vitest'
import type { JsonObject } from '../json-object.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { seen } from '../seed-documents.fixture.ts'
import { patchedUser, replacedUser } from './changed-user.ts'
import { requireOwnDocumentChange } from './own-change.ts'
import { defaultExtension, userDocument } from './user-document.ts'

const before = seen(
  {},
  {
    ...defaultExtension,
    call_restriction: { tollfree_us: { action: 'deny' } },
    caller_id: { external: { name: 'Firm', number: '1' }, internal: { name: 'Bob' } },
    priv_level: 'user',
    verified: true,
  },
)

function refused(by: (user: typeof before) => { readonly extension: JsonObject }, user = before): readonly string[] {
  try {
    requireOwnDocumentChange(user, by(user).extension)
    return []
  } catch (error) {
    if (error instanceof NotForOneself) return error.paths
    throw error
  }
}

it.each([
  [{ priv_level: 'admin' }, ['priv_level']],
  [{ priv_level: 'user', verified: true, timezone: 'UTC', custom: { priv_level: 'admin' } }, []],
  [{ verified: false, require_password_update: true }, ['require_password_update', 'verified']],
  [{ verified: null }, ['verified']],
  [{ call_restriction: { tollfree_us: { action: 'inherit' } } }, ['call_restriction']],
  [{ call_restriction: {} }, ['call_restriction']],
  [{ caller_id: { internal: { name: 'Bobby' } } }, []],
  [{ caller_id: { external: { number: '2' } } }, ['caller_id.external']],
  [{ caller_id: { emergency: { number: '112' } } }, ['caller_id.emergency']],
  [{ caller_id: {} }, ['caller_id.external']],
  [{ caller_id: null }, ['caller_id.external']],
])('Somebody who merges %j into their own document changes of what others decide %j', (patch, paths) => {
  expect(refused((user) => patchedUser(user, patch))).toEqual(paths)
})

it('Somebody who replaces their own document must leave in it what others decide', () => {
  const { id: _, ...document } = userDocument(before)
  expect(refused((user) => replacedUser(user, { ...document, timezone: 'UTC' }))).toEqual([])
  const bare = { username: 'bob', first_name: 'User', last_name: 'Three' }
  expect(refused((user) => replacedUser(user, bare))).toEqual(['call_restriction', 'caller_id.external', 'verified'])
})

it('A document without a default is one with it', () => {
  expect(refused((user) => patchedUser(user, { timezone: 'UTC' }), seen({}, { custom: 1 }))).toEqual([])
})
