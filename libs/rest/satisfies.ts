import { ValidateBy } from 'class-validator'
import type { Check } from '#kernel'

/** Validates a property with a check of the domain, whose own words then reach the caller. */
export function Satisfies(check: Check): PropertyDecorator {
  return ValidateBy(
    { name: 'satisfies', validator: { validate: (value: unknown) => check(value).length === 0 } },
    { context: { check } },
  )
}
