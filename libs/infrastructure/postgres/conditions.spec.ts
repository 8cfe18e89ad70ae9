import { describe, expect, it } from 'vitest'
import { Conditions, containing } from './conditions.ts'

describe('conditions', () => {
  it('are no WHERE while there are none', () => {
    const none = new Conditions()
    expect([none.where, none.parameters]).toEqual(['', []])
  })

  it('number their parameters in the order in which they come, across clauses', () => {
    const conditions = new Conditions()
      .and((value) => `a = ${value('x')}`)
      .and((value) => `b BETWEEN ${value(1)} AND ${value(2)}`)
      .and(() => 'c')
      .given('y', (value) => `d = ${value} OR e = ${value}`)
    expect(conditions.where).toBe('WHERE a = $1 AND b BETWEEN $2 AND $3 AND c AND d = $4 OR e = $4')
    expect(conditions.parameters).toEqual(['x', 1, 2, 'y'])
  })

  it('never have a value in their text', () => {
    const text = "' OR true --"
    const conditions = new Conditions().given(text, (value) => `a = ${value}`)
    expect(conditions.where).toBe('WHERE a = $1')
    expect(conditions.parameters).toEqual([text])
  })

  it('add nothing for what is absent, and something for what is only empty', () => {
    const clause = (value: string): string => `a = ${value}`
    expect(new Conditions().given(undefined, clause).where).toBe('')
    for (const empty of ['', false, 0, null]) {
      const conditions = new Conditions().given(empty, clause)
      expect([conditions.where, conditions.parameters]).toEqual(['WHERE a = $1', [empty]])
    }
  })

  it('stay as they are when others are made of them', () => {
    const one = new Conditions().given(1, (value) => `a = ${value}`)
    const [two, three] = [one.given(2, (value) => `b = ${value}`), one.given(3, (value) => `c = ${value}`)]
    expect([one.where, one.parameters]).toEqual(['WHERE a = $1', [1]])
    expect([two.where, two.parameters]).toEqual(['WHERE a = $1 AND b = $2', [1, 2]])
    expect([three.where, three.parameters]).toEqual(['WHERE a = $1 AND c = $2', [1, 3]])
  })
})

it.each([
  ['abc', '%abc%'],
  ['', '%%'],
  ['%', String.raw`%\%%`],
  ['a_b', String.raw`%a\_b%`],
  ['\\', String.raw`%\\%`],
  [String.raw`\%_\\`, String.raw`%\\\%\_\\\\%`],
  ["'; DROP TABLE x", "%'; DROP TABLE x%"],
])('the pattern for texts that contain %j is %j', (part, pattern) => {
  expect(containing(part)).toBe(pattern)
})

it('there is no pattern for no text', () => {
  expect(containing(undefined)).toBeUndefined()
})
