import { describe, expect, it } from 'vitest'
import { entityTag, isKnown, isMatch } from './entity-tag.ts'
import { listRevision, listRevisionOf, revisionOf } from './revision.ts'

describe('a revision', () => {
  it('is the same for the same document, in whatever order its keys are', () => {
    expect(revisionOf({ a: 1, b: { c: [1], d: 2 } })).toBe(revisionOf({ b: { d: 2, c: [1] }, a: 1 }))
    expect(revisionOf({ a: 1 })).toMatch(/^1-[0-9a-f]{32}$/)
  })

  it('is another for another', () => {
    const all = [{}, { a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { b: 1 }].map(revisionOf)
    expect(new Set(all).size).toBe(6)
  })

  it('of a list is that of its rows in their order', () => {
    expect(listRevisionOf([{ a: 1 }, { b: 1 }])).not.toBe(listRevisionOf([{ b: 1 }, { a: 1 }]))
    expect(listRevisionOf([{ a: 1, b: 2 }])).toBe(listRevisionOf([{ b: 2, a: 1 }]))
  })

  it('of a list is the same when its rows come some at a time, and it knows how many bytes they are', () => {
    const growing = listRevision()
      .add([{ a: 'é' }])
      .add([{ b: 1 }])
    expect(growing.bytes).toBe(Buffer.byteLength('{}\n{"a":"é"}\n{"b":1}\n'))
    expect(growing.text()).toBe(listRevisionOf([{ a: 'é' }, { b: 1 }]))
  })

  it('of a page is another one where it begins or goes on elsewhere', () => {
    const pages = [{ size: 1 }, { size: 1, nextStartKey: 'x' }, { size: 1, startKey: 'x' }, undefined]
    expect(new Set(pages.map((page) => listRevisionOf([{ a: 1 }], page))).size).toBe(4)
  })
})

it.each([
  ['"1-a"', true, true],
  ['1-a', true, true],
  ['"x", "1-a"', true, true],
  ['*', true, true],
  ['W/"1-a"', false, true],
  ['"1-b"', false, false],
  ['"1-ab"', false, false],
  ['', false, false],
])('If-Match: %s matches: %j; If-None-Match: %j', (header, match, known) => {
  expect([isMatch(header, '1-a'), isKnown(header, '1-a')]).toEqual([match, known])
  expect(entityTag('1-a')).toBe('"1-a"')
})
