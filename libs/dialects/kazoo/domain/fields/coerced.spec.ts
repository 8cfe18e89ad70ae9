import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coerced } from './coerced.ts'
import { userFields } from './user-fields.ts'

it.each([
  [
    { enabled: 'true', verified: 'false' },
    { enabled: true, verified: false },
  ],
  [{ enabled: 'True' }, { enabled: 'True' }],
  [{ enabled: '' }, { enabled: '' }],
  [{ enabled: 1 }, { enabled: 1 }],
  [{ first_name: 'true' }, { first_name: 'true' }],
  [{ hotdesk: { pin: '1234', enabled: 'true' } }, { hotdesk: { pin: '1234', enabled: true } }],
  [{ hotdesk: { pin: 1234 } }, { hotdesk: { pin: 1234 } }],
  [{ media: { progress_timeout: '5', bypass_media: 'true' } }, { media: { progress_timeout: 5, bypass_media: true } }],
  [{ media: { bypass_media: 'auto' } }, { media: { bypass_media: 'auto' } }],
  [{ media: { progress_timeout: ' 5' } }, { media: { progress_timeout: ' 5' } }],
  [{ media: { progress_timeout: '5.0' } }, { media: { progress_timeout: '5.0' } }],
  [{ media: { progress_timeout: '-5' } }, { media: { progress_timeout: -5 } }],
  [{ media: { progress_timeout: '9999999999999999' } }, { media: { progress_timeout: '9999999999999999' } }],
  [
    { voicemail: { notify: { callback: { schedule: ['1', 2, 'x'] } } } },
    { voicemail: { notify: { callback: { schedule: [1, 2, 'x'] } } } },
  ],
  [
    { formatters: { a: { strip: 'true' }, b: [{ strip: 'false' }] } },
    { formatters: { a: { strip: true }, b: [{ strip: false }] } },
  ],
  [{ formatters: { 'a-b': { strip: 'true' } } }, { formatters: { 'a-b': { strip: 'true' } } }],
  [{ custom: { enabled: 'true' } }, { custom: { enabled: 'true' } }],
  // data of a module is its own
  [
    { metaflows: { digit_timeout: '9', numbers: { 2: { module: 'x', data: { flag: 'true' } } } } },
    { metaflows: { digit_timeout: 9, numbers: { 2: { module: 'x', data: { flag: 'true' } } } } },
  ],
])('%j becomes %j', (document, expected) => {
  expect(coerced(userFields, document)).toEqual(expected)
})

it('changes nothing a second time, and no key ever', () => {
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom('enabled', 'hotdesk', 'media', 'id', 'x', '__proto__'), maxDepth: 4 }),
      (document) => {
        const once = coerced(userFields, document)
        expect(coerced(userFields, once)).toEqual(once)
        expect(Object.keys(once)).toEqual(Object.keys(document))
      },
    ),
  )
})
