import { DomainError } from '#kernel'

/** An account that is there, which everybody is told, and not for this caller. */
export function foreignAccount(): DomainError {
  return new DomainError('forbidden', 'access.forbidden', 'This account is not open to the caller.')
}

/** The client takes none of the types that there are. */
export function notAcceptable(): DomainError {
  const sentence = 'There is nothing of a type that the client accepts.'
  return new DomainError('unsupported_media', 'request.not_acceptable', sentence)
}

/** The path is one that the operator hasn't switched on. */
export function nothingThere(): DomainError {
  return new DomainError('unknown', 'route.switched_off', 'There is nothing at this path.')
}

/** The document isn't any more what the client's `If-Match` says. */
export function preconditionFailed(): DomainError {
  const sentence = 'The document has been changed in the meantime.'
  return new DomainError('precondition', 'request.precondition_failed', sentence)
}

/** Of one network: the others don't wait for it. */
export function signInCrowded(): DomainError {
  const sentence = 'Too many wait to sign in. Nothing was changed.'
  return new DomainError('unavailable', 'request.crowded', sentence, { retryAfter: 5 })
}

/** Whatever it was that is wrong: it isn't told whether there is such an account or such a user. */
export function signInRefused(): DomainError {
  return new DomainError('unauthenticated', 'access.sign_in_refused', 'Nobody signs in with that.')
}

export function tooManyCalls(retryAfter: number): DomainError {
  return new DomainError('too_many', 'call.too_many', 'Too many quick calls of one user.', { retryAfter })
}

export function tooManyTries(retryAfter: number): DomainError {
  return new DomainError('too_many', 'access.too_many_tries', 'Too many tries to sign in have failed.', { retryAfter })
}

/** There is no such method at this path; those that there are, the router knows. */
export function wrongMethod(): DomainError {
  return new DomainError('unknown', 'route.unknown', 'There is no such method at this path.')
}
