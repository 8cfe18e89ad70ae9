import { expect, it } from 'vitest'
import type { JsonObject } from '../json-object.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { seen } from '../documented-user.fixture.ts'
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
  [{ caller_id: { asserted: { number: '2' } } }, ['caller_id.asserted']],
  [{ caller_id: { 'external.number': '2' } }, ['caller_id.external.number']],
  [{ caller_id_options: { outbound_privacy: 'full' } }, ['caller_id_options']],
  [{ call_recording: { any: { any: { enabled: true, url: 'https://example.com' } } } }, ['call_recording']],
  [{ dial_plan: { '^(1)$': { prefix: '9' } } }, ['dial_plan']],
  [{ formatters: { to: { regex: '^(.*)$', value: '911' } } }, ['formatters']],
  [{ metaflows: { binding_digit: '*' } }, ['metaflows']],
  [{ feature_level: 'all', flags: ['no_limits'] }, ['feature_level', 'flags']],
  [{ call_forward: { enabled: true, number: '1' }, hotdesk: { pin: '1234' }, queue_pin: '1234' }, []],
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
