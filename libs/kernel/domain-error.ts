import type { ErrorKind } from './error-kind.ts'
import type { FieldProblem } from './field-problem.ts'

export interface DomainErrorDetails {
  /** All that is wrong with the input, for kind `invalid`. */
  readonly fields?: readonly FieldProblem[]
  /** After how many seconds it's worth trying again, for kind `unavailable`. */
  readonly retryAfter?: number
  /** The operation that will be settled later, for kind `unfinished`. */
  readonly operation?: string
  /** Whether it may have been done nevertheless: another system was asked, and the answer is missing. */
  readonly outcome?: 'unknown'
  /** The state of each system, for `service.unavailable`. */
  readonly report?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * An expected failure, told to the caller in their words. `code` is API: stable, and listed in
 * `docs/errors.md`. Everything else that is thrown is a bug.
 */
export class DomainError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: DomainErrorDetails

  constructor(kind: ErrorKind, code: string, sentence: string, details: DomainErrorDetails = {}) {
    super(sentence, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'DomainError'
    this.kind = kind
    this.code = code
    this.details = details
  }

  /** One that was thrown before, out of what was kept of it. */
  static restore({
    kind,
    code,
    message,
    details,
  }: Pick<DomainError, 'kind' | 'code' | 'message' | 'details'>): DomainError {
    return new this(kind, code, message, details)
  }
}

/** The request says something that can't be: every problem at once. */
export function invalid(fields: readonly FieldProblem[]): DomainError {
  const listed = fields.map(({ path, problem }) => (path === '' ? problem : `${path} ${problem}`))
  return new DomainError('invalid', 'request.invalid', `The request is not valid: ${summary(listed)}.`, { fields })
}

function summary(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join('; ')
  return problems.length > 3 ? `${shown}; and ${problems.length - 3} more` : shown
}
