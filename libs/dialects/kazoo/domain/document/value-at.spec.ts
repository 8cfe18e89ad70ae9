import { expect, it } from 'vitest'
import { valueAt } from './value-at.ts'

const document = { media: { codecs: ['PCMU', { name: 'OPUS' }] }, text: 'abc', nothing: null }

it.each([
  ['media.codecs.0', 'PCMU'],
  ['media.codecs.1.name', 'OPUS'],
  ['nothing', null],
  ['nothing.at.all', undefined],
  ['media.codecs.2', undefined],
  ['media.codecs.length', undefined],
  ['text.0', undefined],
  ['constructor', undefined],
  ['media.constructor.name', undefined],
])('at %s stands %j', (path, value) => {
  expect(valueAt(document, path.split('.'))).toBe(value)
})
