import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountId, domainIdOf } from './account-id.ts'
import { dateOf } from './date-of.ts'
import { generatedName, isGeneratedName } from './generated-name.ts'
import { kazooId, uuidOf } from './kazoo-id.ts'

const none = [
  [
    '',
    'x',
    'A'.repeat(32),
    '0'.repeat(31),
    '0'.repeat(33),
    `${'0'.repeat(31)}g`,
    `${'0'.repeat(32)}\n`,
    '0123abcd-4567-89ab-cdef-0123456789ab',
  ],
]

describe("a user's id", () => {
  it('is the UUID without hyphens, both ways', () => {
    expect(kazooId('0123abcd-4567-89ab-cdef-0123456789ab')).toBe('0123abcd456789abcdef0123456789ab')
    fc.assert(fc.property(fc.uuid(), (uuid) => uuidOf(kazooId(uuid)) === uuid))
  })

  it.each(none.flat())('is not %j', (text) => {
    expect(uuidOf(text)).toBeUndefined()
  })
})

describe("an account's id", () => {
  it("is the domain's with zeros before it, both ways", () => {
    expect(accountId('5f0c2b7e9d1a4c3b8e6f7a90')).toBe('000000005f0c2b7e9d1a4c3b8e6f7a90')
    expect(domainIdOf('000000005f0c2b7e9d1a4c3b8e6f7a90')).toBe('5f0c2b7e9d1a4c3b8e6f7a90')
    expect(() => accountId('x')).toThrow()
  })

  it.each([...none.flat().filter((text) => text !== '0'.repeat(32)), '100000005f0c2b7e9d1a4c3b8e6f7a90'])(
    'is not %j',
    (text) => {
      expect(domainIdOf(text)).toBeUndefined()
    },
  )
})

it('a generated name is told from those that people choose', () => {
  expect(isGeneratedName(generatedName('0123456789abcdef'.repeat(2)))).toBe(true)
  for (const name of ['user_1a2b3c', 'user_', 'bob', `user_${'g'.repeat(32)}`, `xuser_${'0'.repeat(32)}`])
    expect(isGeneratedName(name)).toBe(false)
  expect(() => generatedName('x')).toThrow()
})

it.each([
  ['1970-01-01T00:00:00.000Z', 62_167_219_200],
  ['2017-06-22T00:00:00.000Z', 63_665_308_800],
])('%s is %d seconds after the year 0', (date, seconds) => {
  expect(dateOf(seconds).toISOString()).toBe(date)
})
