import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

const deep = (brackets: number): unknown => JSON.parse('['.repeat(brackets) + ']'.repeat(brackets))

describe('canonical JSON', () => {
  it.each([
    ['{"b":1,"a":{"d":null,"c":true}}', '{"a":{"c":true,"d":null},"b":1}'],
    ['[3, "1", {"b": [], "a": {}}]', '[{}]'],
    ['{"a,b":1}', '{"a":{"b":1}}'],
    ['"a"', '"b"'],
    ['[1,2]', '[2,1]'],
    ['[[1],2]', '[[1,2]]'],
    ['{"a":1}', '{"a":"1"}'],
    ['null', '"null"'],
  ])('of %s is JSON of the same, and not that of %s', (one, other) => {
    const value: unknown = JSON.parse(one)
    const isEqual = JSON.stringify(sorted(value)) === JSON.stringify(sorted(JSON.parse(other)))
    expect(canonicalJson(value) === canonicalJson(JSON.parse(other))).toBe(isEqual)
  })

  it('leaves out what JSON leaves out', () => {
    expect(canonicalJson({ a: [{ b: undefined }], c: undefined })).toBe(canonicalJson({ a: [{}] }))
  })

  it('of no body is that of none else', () => {
    expect(canonicalJson(undefined)).not.toBe(canonicalJson(null))
    expect(canonicalJson(undefined)).not.toBe(canonicalJson('undefined'))
  })

  it('has no limit of depth', () => {
    expect(canonicalJson(deep(500_000))).toHaveLength(
      canonicalJson(deep(499_999)).length + canonicalJson([[]]).length - canonicalJson([]).length,
    )
  })
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
