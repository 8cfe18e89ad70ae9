import { expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { filteredNumber } from './number-filter.ts'

it.each([
  ['+34 (910) 00-00.1', 'true', '+3491000001'],
  ['+34 910', 'false', '+34 910'],
  ['0034910', '^00(.*)', '34910'],
  ['910', '^00(.*)', '910'],
  ['9;ext=1', String.raw`^(\d+)`, '9'],
  ['1*23', String.raw`^1\*(\d{2})$`, '23'],
])('of %s, %s leaves %s', (number, filter, left) => {
  expect(filteredNumber(number, filter)).toBe(left)
})

it.each([
  'yes',
  '(',
  '()',
  '(a+)+$',
  '(a|b)',
  '(a)(b)',
  '((a))',
  '(?=a)',
  '(.*).*.*.*',
  String.raw`(a)\1`,
  String.raw`(\u0061)`,
  '([b-a])',
  `(${'a'.repeat(61)})`,
])('%s is no filter', (filter) => {
  expect(problemsIn(() => filteredNumber('1'.repeat(64), filter))).toHaveProperty('number_filter')
})

it('No filter takes long', () => {
  const begun = performance.now()
  filteredNumber('1'.repeat(64), '^1*1*(1*)x$')
  expect(performance.now() - begun).toBeLessThan(200)
})
