import { below, type FieldProblem } from './field-problem.ts'

/** Looks at one value from outside and says everything that is wrong with it; no problem means it's fine. */
export type Check = (value: unknown) => readonly FieldProblem[]

const fine: readonly FieldProblem[] = []
const wrong = (problem: string): readonly FieldProblem[] => [{ path: '', problem }]

const control = /[\u0000-\u001f\u007f-\u009f]/u

export interface TextRule {
  readonly min?: number
  /** In UTF-16 code units, as Keycloak counts. */
  readonly max: number
  /** Line breaks, tabs and the like; never NUL, which Postgres can't keep. */
  readonly controlCharacters?: boolean
}

/** Text that every system can keep as it is: no NUL, no half of a surrogate pair, within its length. */
export function checkText({ min = 0, max, controlCharacters = false }: TextRule): Check {
  return (value) => {
    if (typeof value !== 'string') return wrong('must be a string')
    if (value.length < min) return wrong(min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
    if (value.length > max) return wrong(`must have at most ${max} characters`)
    if (!value.isWellFormed()) return wrong('must be well-formed Unicode')
    if (controlCharacters ? value.includes('\0') : control.test(value))
      return wrong('must not contain control characters')
    return fine
  }
}

export const checkBoolean: Check = (value) => (typeof value === 'boolean' ? fine : wrong('must be true or false'))

/** Text of the first check that a pattern describes, too. */
export function checkPattern(text: Check, pattern: RegExp, problem: string): Check {
  return (value) => {
    const problems = text(value)
    return problems.length === 0 && typeof value === 'string' && !pattern.test(value) ? wrong(problem) : problems
  }
}

/** An empty text is no value; blanks alone are none that anybody means, and Keycloak keeps none. */
export function checkNotBlank(text: Check): Check {
  return checkPattern(text, /^$|\S/, 'must not be blank')
}

export function checkListOf(check: Check, max: number): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrong('must be a list')
    if (value.length > max) return wrong(`must have at most ${max} items`)
    return value.flatMap((item, index) => below(String(index), check(item)))
  }
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
