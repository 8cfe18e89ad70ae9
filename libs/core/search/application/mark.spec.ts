import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { markOf, positionOf } from './mark.ts'

const key = randomBytes(32)
const position = { key: "o'brien\nänne 🙂", id: '550e8400-e29b-41d4-a716-446655440000' }
const mark = markOf(position, 'the search', key)

describe('A mark', () => {
  it('is the position again, for its own search', () => {
    expect(mark).toMatch(/^[\w-]+$/)
    expect(positionOf(mark, 'the search', key)).toEqual(position)
  })

  it('is never longer than what is taken back', () => {
    const long = { ...position, key: '"'.repeat(1400) }
    expect(positionOf(markOf(long, 'the search', key), 'the search', key)).toEqual(long)
    expect(() => markOf({ ...position, key: '"'.repeat(2000) }, 'the search', key)).toThrow('would be refused')
  })

  it('is none for another search, nor with another key', () => {
    expect(positionOf(mark, 'another search', key)).toBeUndefined()
    expect(positionOf(mark, 'the search', randomBytes(32))).toBeUndefined()
  })

  it('is none when a bit of it is another, when it is cut, or when something is added', () => {
    const bytes = Buffer.from(mark, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(positionOf(changed.toString('base64url'), 'the search', key)).toBeUndefined()
    }
    for (let length = 0; length < mark.length; length += 1)
      expect(positionOf(mark.slice(0, length), 'the search', key)).toBeUndefined()
    for (const more of ['A', 'AAAA', '=', '==', '.', ' '])
      expect(positionOf(mark + more, 'the search', key)).toBeUndefined()
  })
})
