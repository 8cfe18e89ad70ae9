import { expect, it } from 'vitest'
import { readHeader } from './user-columns.ts'

const required = ['username', 'domain']

it('A header has so many columns only, and each a name of so many characters', () => {
  const attributes = (count: number) => Array.from({ length: count }, (_, index) => `attributes.${index}`)
  expect(readHeader([...required, ...attributes(998)], {})).toHaveProperty('columns')
  expect(readHeader([...required, ...attributes(219_306)], {})).toEqual({
    problems: ['has 219308 columns, but may have 1000 at most'],
  })
  const long = `attributes.${'x'.repeat(245)}`
  expect(readHeader([...required, long.slice(1)], {})).toHaveProperty('problems')
  expect(readHeader([...required, long.slice(0, -1)], {})).toHaveProperty('columns')
  expect(readHeader([...required, long], {})).toEqual({
    problems: [`has a column whose name has more than 255 characters: "${long.slice(0, 60)}…"`],
  })
})
