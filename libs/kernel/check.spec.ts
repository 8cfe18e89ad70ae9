import { describe, expect, it } from 'vitest'
import { checkBoolean, checkListOf, checkPattern, checkText } from './check.ts'

const problemsOf = (check: (value: unknown) => readonly { problem: string }[], value: unknown): string[] =>
  check(value).map(({ problem }) => problem)

describe('text', () => {
  it.each([['plain'], ['ünïcödé'], ['👩‍👩‍👧 الاسم'], ['a'.repeat(10)]])('%j is fine', (value) => {
    expect(problemsOf(checkText({ min: 1, max: 20 }), value)).toEqual([])
  })

  it.each([
    [1, 'must be a string'],
    [null, 'must be a string'],
    ['', 'must not be empty'],
    ['a'.repeat(21), 'must have at most 20 characters'],
    ['\ud800', 'must be well-formed Unicode'],
    ['a\nb', 'must not contain control characters'],
    ['a\u0085b', 'must not contain control characters'],
    ['a\0b', 'must not contain control characters'],
  ])('%j is not: it %s', (value, problem) => {
    expect(problemsOf(checkText({ min: 1, max: 20 }), value)).toEqual([problem])
  })

  it('may have line breaks where the rule says so, but never NUL', () => {
    const check = checkText({ max: 20, controlCharacters: true })
    expect(problemsOf(check, 'a\nb\tc')).toEqual([])
    expect(problemsOf(check, 'a\0b')).toEqual(['must not contain control characters'])
  })
})

it('a pattern is looked at only in text that is fine otherwise', () => {
  const check = checkPattern(checkText({ max: 3 }), /^a/, 'must begin with a')
  expect(problemsOf(check, 'b')).toEqual(['must begin with a'])
  expect(problemsOf(check, 'bbbb')).toEqual(['must have at most 3 characters'])
  expect(problemsOf(check, 'a')).toEqual([])
})

it('a list says what is wrong with each of its items', () => {
  const check = checkListOf(checkBoolean, 3)
  expect(check([true, 1, 'x'])).toEqual([
    { path: '1', problem: 'must be true or false' },
    { path: '2', problem: 'must be true or false' },
  ])
  expect(problemsOf(check, {})).toEqual(['must be a list'])
  expect(problemsOf(check, [true, true, true, true])).toEqual(['must have at most 3 items'])
})
