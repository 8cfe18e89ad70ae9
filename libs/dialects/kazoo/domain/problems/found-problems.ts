import type { FoundProblem } from './problem.ts'

const messages = {
  required: 'Field is required but missing',
  unique: 'List of items is not unique',
  wrongFormat: 'Field is not in the correct format',
}

export function required(path: readonly string[], message = messages.required, cause?: unknown): FoundProblem {
  return { path, code: 'required', problem: { message, ...(cause !== undefined && { cause }) } }
}

export function tooShort(path: readonly string[], target: number, cause: unknown): FoundProblem {
  return {
    path,
    code: 'minLength',
    problem: { message: `String must be at least ${target} characters`, target, cause },
  }
}

export function tooLong(path: readonly string[], target: number, cause: unknown): FoundProblem {
  const message = `String must not be more than ${target} characters`
  return { path, code: 'maxLength', problem: { message, target, cause } }
}

export function tooSmall(path: readonly string[], target: number, cause: unknown): FoundProblem {
  return { path, code: 'minimum', problem: { message: `Value must be at least ${target}`, target, cause } }
}

export function tooLarge(path: readonly string[], target: number, cause: unknown): FoundProblem {
  return { path, code: 'maximum', problem: { message: `Value must be at most ${target}`, target, cause } }
}

export function wrongType(path: readonly string[], types: readonly string[]): FoundProblem {
  const target = types.join(', ')
  return { path, code: 'type', problem: { message: `Value did not match type(s): ${target}`, target } }
}

export function notAmong(path: readonly string[], target: readonly unknown[]): FoundProblem {
  return { path, code: 'enum', problem: { message: 'Value not found in enumerated list of values', target } }
}

export function notMatching(path: readonly string[], target: string): FoundProblem {
  return { path, code: 'pattern', problem: { message: `Failed to match pattern '${target}'`, target } }
}

export function notUniqueItems(path: readonly string[]): FoundProblem {
  return { path, code: 'uniqueItems', problem: { message: messages.unique } }
}

export function notKnown(path: readonly string[]): FoundProblem {
  return { path, code: 'additionalProperties', problem: { message: 'Field is not one that may stand here' } }
}

export function wrongFormat(path: readonly string[], format: string, value: unknown): FoundProblem {
  return { path, code: 'wrong_format', problem: { message: messages.wrongFormat, value, format } }
}

export function tooDeep(path: readonly string[], target: number): FoundProblem {
  const message = `Field must not be nested more than ${target} levels deep`
  return { path, code: 'maxDepth', problem: { message, target } }
}

export function tooMany(path: readonly string[], target: number): FoundProblem {
  const message = `Field must not have more than ${target} values`
  return { path, code: 'maxItems', problem: { message, target } }
}

export function tooMuchAtOnce(path: readonly string[], target: number): FoundProblem {
  return {
    path,
    code: 'maxSize',
    problem: { message: `The list has more than ${target} bytes: ask for pages`, target },
  }
}

export function tooManyFilters(target: number): FoundProblem {
  const message = `A list must not have more than ${target} filters`
  return { path: ['filter'], code: 'maxItems', problem: { message, target } }
}

/** In seconds. */
export function tooSlow(path: readonly string[], target: number, advice: string): FoundProblem {
  return {
    path,
    code: 'maxTime',
    problem: { message: `The list takes more than ${target} seconds: ${advice}`, target },
  }
}

export function tooManyBytes(path: readonly string[], what: string, target: number): FoundProblem {
  return { path, code: 'maxSize', problem: { message: `${what} must not be more than ${target} bytes`, target } }
}

/** Right by the schema, and yet nothing that can be kept. */
export function unfit(path: readonly string[], message: string): FoundProblem {
  return { path, code: 'invalid', problem: { message } }
}

/** Somebody else has it. */
export function taken(path: readonly string[], message: string, cause?: unknown): FoundProblem {
  return { path, code: 'unique', problem: { message, ...(cause !== undefined && { cause }) } }
}
