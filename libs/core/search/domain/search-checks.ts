import { below, type Check, checkPattern, checkText, type FieldProblem, isPlainObject } from '#kernel'
import { digitsOf } from './digits.ts'
import { wordsOf } from './search-criteria.ts'
import { isPhoneNumber, searchedFields, targetNamed } from './search-target.ts'

const longest = 255
const mostWords = 16
const mostValues = 20

const wrong = (problem: string): readonly FieldProblem[] => [{ path: '', problem }]

/** Marks alone fold to nothing, which everything contains. */
const checkValue = checkPattern(
  checkText({ min: 1, max: longest }),
  /[^\s\p{M}]/u,
  'must have a character that is neither a blank nor an accent',
)

export const checkQuick: Check = (value) => {
  if (Array.isArray(value)) return wrong('must be given once')
  const problems = checkValue(value)
  if (problems.length > 0 || typeof value !== 'string') return problems
  return wordsOf(value).length > mostWords ? wrong(`must have at most ${mostWords} words`) : []
}

/** Values by what they are looked for in: one, or a list of them. */
export const checkTerms: Check = (value) => {
  if (!isPlainObject(value)) return wrong('must name what to look in')
  const entries = Object.entries(value)
  if (entries.flatMap(([, values]) => values).length > mostValues)
    return wrong(`must have at most ${mostValues} values`)
  return entries.flatMap(([name, values]) => below(name, checkTerm(name, values)))
}

function checkTerm(name: string, value: unknown): readonly FieldProblem[] {
  const target = targetNamed(name)
  if (target === undefined) return wrong(`must be one of ${searchedFields.join(', ')} or attributes.…`)
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  const [first] = values.flatMap(isPhoneNumber(target) ? checkDigits : checkValue)
  return first === undefined ? [] : [first]
}

function checkDigits(value: unknown): readonly FieldProblem[] {
  const problems = checkValue(value)
  return problems.length === 0 && digitsOf(String(value)) === '' ? wrong('must have a digit') : problems
}
