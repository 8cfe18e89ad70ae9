import { describe, expect, it } from 'vitest'
import { changedKeys, checkExtension } from './user-extension.ts'

describe('The keys in which two documents differ', () => {
  it('are those at the top, by name', () => {
    const before = { same: { a: 1, b: [{ c: 1, d: 2 }] }, other: { a: 1 }, gone: null, list: [1, 2] }
    const after = { list: [2, 1], same: { b: [{ d: 2, c: 1 }], a: 1 }, other: { a: 2 }, constructor: 'x' }
    expect(changedKeys(before, after)).toEqual(['constructor', 'gone', 'list', 'other'])
    expect(changedKeys(undefined, { a: 1 })).toEqual(['a'])
    expect(changedKeys(before, before)).toEqual([])
    expect(changedKeys({ same: {} }, { same: { a: undefined }, none: undefined })).toEqual([])
  })
})

describe('A document', () => {
  const nested = (levels: number): Record<string, unknown> => (levels === 0 ? {} : { a: nested(levels - 1) })

  it.each([{}, { a: '\\u0000' }, { a: '\ud83c\udf89', é: [] }, nested(63)])('can be kept: %j', (document) => {
    expect(checkExtension(document)).toEqual([])
  })

  it.each([{ a: '\0' }, { '\0': 1 }, { a: ['\ud800'] }, { a: '\\\0' }, nested(64), nested(5000)])(
    'cannot be kept: %#',
    (document) => {
      expect(checkExtension(document)).toMatchObject([{ path: 'extension' }])
    },
  )
})
