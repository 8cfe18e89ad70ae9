import { describe, expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { readDocument } from './read-document.ts'

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
}

describe('what a client may say of a document', () => {
  it.each([
    ['{"a":1,"pvt_a":2,"_b":3,"_id":4,"id":"x"}', '{"a":1}'],
    ['{"a":{"pvt_a":2,"_b":3,"id":"x"}}', '{"a":{"pvt_a":2,"_b":3,"id":"x"}}'],
    ['{"password":"x","confirm_password":"x","credentials":"x","sync":true}', '{"password":"x"}'],
    ['{"a":{"__proto__":{"x":1},"constructor":{"prototype":1}}}', '{"a":{"constructor":{"prototype":1}}}'],
    ['{"__proto__":{"x":1},"b":[{"__proto__":1,"c":null}]}', '{"b":[{"c":null}]}'],
    ['{"custom":"value","ui_metadata":{"ui":"monster-ui"}}', '{"custom":"value","ui_metadata":{"ui":"monster-ui"}}'],
  ])('of %s is %s', (said, kept) => {
    expect(JSON.stringify(readDocument(JSON.parse(said)))).toBe(kept)
  })

  it.each([[['a']], ['text'], [5], [null], [undefined]])('is no %j', (data) => {
    const message = 'Value did not match type(s): object'
    expect(problemsIn(() => readDocument(data))).toEqual({ data: { type: { message, target: 'object' } } })
  })

  it.each([
    ['a text with U+0000', { a: 'x\0' }, 'a'],
    ['half of a surrogate pair', { a: { b: ['x\ud800'] } }, 'a.b.0'],
    ['a key with U+0000', { 'a\0': 1 }, 'a\ufffd'],
    ['a number without end', JSON.parse('{"a":[1e999]}') as unknown, 'a.0'],
  ])('has not %s', (_, data, path) => {
    const message = 'Value must be a finite number, or well-formed text without U+0000'
    expect(problemsIn(() => readDocument(data))).toEqual({ [path]: { invalid: { message } } })
  })

  it.each([61, 1000, 5000])('is not nested %d levels deep', (levels) => {
    const problem = { message: 'Field must not be nested more than 60 levels deep', target: 60 }
    expect(problemsIn(() => readDocument(nested(levels)))).toEqual({ a: { maxDepth: problem } })
  })

  it.each([
    ['at the top', Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`k${index}`, 1]))],
    ['in a list', { a: Array.from({ length: 10_000 }, () => 1) }],
    ['in many places', { a: Array.from({ length: 101 }, () => Array.from({ length: 100 }, () => 1)) }],
  ])('has no ten thousand values %s', (_, data) => {
    const problem = { message: 'Field must not have more than 10000 values', target: 10_000 }
    expect(problemsIn(() => readDocument(data))).toEqual({ data: { maxItems: problem } })
  })

  it('may have nearly as many', () => {
    expect(readDocument({ a: Array.from({ length: 9_999 }, () => 1) })['a']).toHaveLength(9_999)
  })

  it('may be nested 60 levels deep', () => {
    expect(readDocument(nested(60))).toEqual(nested(60))
  })
})
