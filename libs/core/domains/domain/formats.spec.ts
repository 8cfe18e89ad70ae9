import { describe, expect, it } from 'vitest'
import { checkDomainName, parseDomainName } from './domain-name.ts'
import { checkDomainServicesPatch, mergeServices } from './domain-services.ts'
import { checkOrigins } from './origin.ts'

describe("a domain's name", () => {
  it.each([['quobis'], ['example.com'], ['a-b_c.d1'], ['a'.repeat(253)]])('%j is fine', (name) => {
    expect(checkDomainName(name)).toEqual([])
  })

  it.each([[''], ['.a'], ['a.'], ['a..b'], ['a b'], ['a/b'], ['ä.example'], ['%'], ['a'.repeat(254)], [7]])(
    '%j is not',
    (name) => {
      expect(checkDomainName(name)).toHaveLength(1)
    },
  )

  it('is kept in lower case', () => {
    expect(parseDomainName('Example.COM')).toBe('example.com')
  })
})

it.each([
  ['https://example.com', 0],
  ['https://example.com:8443', 0],
  ['/.*/', 0],
  ['/(/', 1],
  ['//', 1],
  ['example.com', 1],
  ['', 1],
])('the origin %j has %d problems', (origin, problems) => {
  expect(checkOrigins([origin])).toHaveLength(problems)
})

describe('services', () => {
  it('are those that wac-core knows', () => {
    expect(checkDomainServicesPatch({ contacts: ['wac'], telepathy: [], forms: null })).toMatchObject([
      { path: 'telepathy' },
    ])
  })

  it('merge key by key, null removes one', () => {
    expect(mergeServices({ contacts: ['a'], forms: ['b'] }, { contacts: ['c'], forms: null })).toEqual({
      contacts: ['c'],
    })
  })
})
