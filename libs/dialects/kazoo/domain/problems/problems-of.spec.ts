import { expect, it } from 'vitest'
import { required, tooLong, tooShort, wrongType } from './found-problems.ts'
import { problemsOf } from './problems-of.ts'

it('tells every problem of a value, by its code', () => {
  expect(problemsOf([wrongType(['a', 'b'], ['string']), tooShort(['a', 'b'], 2, 'x')])).toEqual({
    'a.b': {
      type: { message: 'Value did not match type(s): string', target: 'string' },
      minLength: { message: 'String must be at least 2 characters', target: 2, cause: 'x' },
    },
  })
})

it('never tells a password back, but what one is missed for', () => {
  expect(problemsOf([tooLong(['password'], 5, 's3cret')])).toEqual({
    password: { maxLength: { message: 'String must not be more than 5 characters', target: 5 } },
  })
  expect(problemsOf([required(['password'], 'Missing', 'bob')])).toEqual({
    password: { required: { message: 'Missing', cause: 'bob' } },
  })
})

it('takes names of values for names only', () => {
  const problems = problemsOf([required(['__proto__']), required(['constructor'])])
  expect(Object.keys(problems)).toEqual(['__proto__', 'constructor'])
})
