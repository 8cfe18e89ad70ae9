import { ValidateBy } from 'class-validator'
import { type Check, type FieldProblem, isPlainObject } from '#kernel'

const name = 'satisfies'

/**
 * Validates a property with a check of the domain, whose own words then reach the caller. A failed check may have several
 * problems with paths of their own: they travel as JSON in the message, because class-validator loses the context of a
 * check that isn't asynchronous (`customValidations` sets it for promises only).
 */
export function Satisfies(check: Check): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => check(value).length === 0,
      defaultMessage: (validated) => JSON.stringify(check(validated?.value)),
    },
  })
}

/** The problems behind a failed constraint, or nothing where the constraint is another one. */
export function problemsBehind(constraint: string, message: string): readonly FieldProblem[] | undefined {
  if (constraint !== name) return undefined
  const problems: unknown = JSON.parse(message)
  return Array.isArray(problems) ? problems.filter(isFieldProblem) : undefined
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isPlainObject(value) && typeof value['path'] === 'string' && typeof value['problem'] === 'string'
}
