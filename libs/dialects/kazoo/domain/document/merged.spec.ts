import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json-object.ts'
import { merged } from './merged.ts'

describe('a patch', () => {
  it.each([
    [{ a: 1 }, {}, { a: 1 }],
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: null }, { b: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    [{ a: { b: { c: { d: 1 } } } }, { a: { b: { c: { d: null, e: 2 } } } }, { a: { b: { c: { e: 2 } } } }],
    [{ a: { b: 1 } }, { a: {} }, { a: {} }],
    [{ a: { b: { c: 1 } } }, { a: { b: {} } }, { a: { b: {} } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: [1, 2] }, { a: [] }, { a: [] }],
    [{ a: { b: 1 } }, { a: 5 }, { a: 5 }],
    [{ a: 5 }, { a: { b: 1, c: null } }, { a: { b: 1 } }],
    [{}, { a: { b: null } }, { a: {} }],
    [{}, { a: null }, {}],
    [{ a: 1 }, { a: [null] }, { a: [null] }],
    [
      { a: { constructor: 1 } },
      { a: { toString: 2 }, constructor: { b: 1 } },
      { a: { constructor: 1, toString: 2 }, constructor: { b: 1 } },
    ],
  ])('on %j, %j makes %j', (document, patch, expected) => {
    expect(merged(document, patch)).toEqual(expected)
  })

  it('named after what every object has touches only the document', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}') as JsonObject
    const after = merged({ a: {} }, hostile)
    expect(Object.keys(after)).toContain('__proto__')
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((after['a'] as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

const documents = fc.object({
  key: fc.constantFrom('a', 'b', 'c', 'constructor'),
  maxDepth: 4,
  values: [fc.integer(), fc.constant(null), fc.string({ maxLength: 3 })],
})

describe('whatever is patched', () => {
  it('is the same after the patch comes again', () => {
    fc.assert(
      fc.property(documents, documents, (document, patch) => {
        const once = merged(document, patch)
        expect(merged(once, patch as JsonObject)).toEqual(once)
      }),
    )
  })

  it('keeps what the patch does not name, and has no null that the patch brought', () => {
    fc.assert(
      fc.property(documents, documents, (document, patch) => {
        const after = merged(document, patch)
        for (const [key, value] of Object.entries(document))
          if (!Object.hasOwn(patch, key)) expect(after[key]).toBe(value)
        for (const [key, value] of Object.entries(patch)) expect(Object.hasOwn(after, key)).toBe(value !== null)
      }),
    )
  })

  it('has both of two patches of different keys, in either order', () => {
    fc.assert(
      fc.property(documents, fc.integer(), fc.integer(), (document, one, other) => {
        const first = merged(merged(document, { x: { one } }), { x: { other } })
        expect(first['x']).toEqual({ one, other })
      }),
    )
  })
})
