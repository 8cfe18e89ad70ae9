import { DomainError, type ErrorKind, type FieldProblem } from '#kernel'
import { BadIdentifier } from '../problems/bad-identifier.ts'
import { unfit } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { largestPhoto, PhotoTooLarge } from '../problems/photo-too-large.ts'
import type { FoundProblem } from '../problems/problem.ts'
import { problemsOf } from '../problems/problems-of.ts'
import { toldClash } from '../problems/told-clash.ts'
import {
  badIdentifierFailure,
  type FailureAnswer,
  failures,
  ownChangeFailure,
  validationFailure,
} from './failure-answer.ts'

const byKind = {
  unauthenticated: () => failures.invalidCredentials,
  forbidden: (error) => (error instanceof NotForOneself ? ownChangeFailure(error.paths) : failures.forbidden),
  unknown: unknownFailure,
  conflict: (error) => (error.code === 'call.no_endpoints' ? failures.fault : failures.conflict),
  precondition: () => failures.preconditionFailed,
  invalid: invalidFailure,
  too_large: tooLargeFailure,
  unsupported_media: unsupportedFailure,
  unprocessable: () => failures.unprocessable,
  too_many: () => failures.tooMany,
  refused_elsewhere: () => failures.refusedElsewhere,
  unavailable: () => failures.unavailable,
  unfinished: () => failures.unfinished,
} satisfies Record<ErrorKind, (error: DomainError) => FailureAnswer>

/** How any failure looks to Kazoo's clients. What isn't expected is a fault, and tells nothing of itself. */
export function failureOf(error: unknown): FailureAnswer {
  const known = toldClash(error, {})
  return known instanceof DomainError ? byKind[known.kind](known) : failures.fault
}

function unknownFailure(error: DomainError): FailureAnswer {
  if (error instanceof BadIdentifier) return badIdentifierFailure(error.id)
  return error.code === 'route.unknown' || error.code === 'route.switched_off'
    ? failures.notFound
    : badIdentifierFailure(undefined)
}

function unsupportedFailure({ code }: DomainError): FailureAnswer {
  return code === 'request.not_acceptable' ? failures.notAcceptable : failures.unsupportedMedia
}

function tooLargeFailure(error: DomainError): FailureAnswer {
  if (!(error instanceof PhotoTooLarge)) return failures.tooLarge
  const message = `Files must not be more than ${largestPhoto} bytes`
  return { ...validationFailure({ file: { maxSize: { message, target: largestPhoto } } }), status: 413 }
}

function invalidFailure(error: DomainError): FailureAnswer {
  if (error instanceof InvalidDocument) return validationFailure(error.problems)
  if (error.code === 'request.malformed')
    return validationFailure({ json: { invalid: { message: 'All JSON must be valid', target: 'body' } } })
  const { fields = [{ path: 'data', problem: error.message }] } = error.details
  return validationFailure(problemsOf(fields.map(foundIn)))
}

const keys = new Set(['username', 'email', 'first_name', 'last_name', 'enabled', 'password'])

/** The core names fields by the native API's paths: `credentials.password`. */
function foundIn({ path, problem }: FieldProblem): FoundProblem {
  const names = path.split('.')
  const key = names.findLast((name) => keys.has(name))
  return unfit(key === undefined ? names : [key], `Value ${problem}`)
}
