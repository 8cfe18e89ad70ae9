import { expect, it } from 'vitest'
import { userFields } from './user-fields.ts'
import { withDefaults } from './with-defaults.ts'

const empty = withDefaults(userFields, {})

it.each([
  [
    { hotdesk: { pin: '1234' } },
    { hotdesk: { pin: '1234', enabled: false, keep_logged_in_elsewhere: false, require_pin: false } },
  ],
  [
    { call_forward: {} },
    {
      call_forward: {
        direct_calls_only: false,
        enabled: false,
        failover: false,
        ignore_early_media: true,
        keep_caller_id: true,
        require_keypress: true,
        substitute: true,
      },
    },
  ],
  [{ metaflows: {} }, { metaflows: { binding_digit: '*' } }],
  [
    { media: { audio: { codecs: [] } } },
    { media: { audio: { codecs: [] }, encryption: { enforce_security: false, methods: [] }, video: { codecs: [] } } },
  ],
  // what is there stays, also where it isn't what it should be
  [
    { hotdesk: null, media: 'x', enabled: false },
    { hotdesk: null, media: 'x', enabled: false },
  ],
  [{ custom: { enabled: 'yes' } }, { custom: { enabled: 'yes' } }],
  [
    { constructor: 'x', toString: {} },
    { constructor: 'x', toString: {} },
  ],
])('%j becomes %j', (document, filled) => {
  expect(withDefaults(userFields, document)).toEqual({ ...empty, ...filled })
})

it('fills once: what is filled stays as it is', () => {
  expect(withDefaults(userFields, empty)).toEqual(empty)
})
