/** How a failure is told. Without a message there is no body at all. */
export interface FailureAnswer {
  readonly status: number
  readonly message: string | undefined
  readonly data: unknown
}

const told = (status: number, message: string, sentence: string): FailureAnswer => ({
  status,
  message,
  data: { message: sentence },
})
const bare = (status: number): FailureAnswer => ({ status, message: undefined, data: undefined })

/** The failures that need no words of their own. */
export const failures = {
  invalidCredentials: told(401, 'invalid_credentials', 'invalid credentials'),
  forbidden: told(403, 'forbidden', 'forbidden'),
  notFound: told(404, 'not_found', 'not found'),
  methodNotAllowed: told(405, 'invalid_method', 'method not allowed'),
  notAcceptable: bare(406),
  conflict: told(409, 'datastore_conflict', 'conflicting documents'),
  preconditionFailed: bare(412),
  tooLarge: told(413, 'request_too_large', 'request too large'),
  unsupportedMedia: bare(415),
  unprocessable: told(422, 'invalid_request', 'invalid request'),
  tooMany: told(429, 'too_many_requests', 'too many requests'),
  fault: told(500, 'unspecified_fault', 'unspecified fault'),
  refusedElsewhere: told(502, 'datastore_fault', 'datastore fault'),
  unavailable: told(503, 'datastore_unreachable', 'datastore unreachable'),
  unfinished: told(504, 'datastore_timeout', 'datastore timeout'),
} as const

export function validationFailure(data: unknown): FailureAnswer {
  return { status: 400, message: 'validation error', data }
}

export function badIdentifierFailure(id: string | undefined): FailureAnswer {
  const data = { message: 'bad identifier', ...(id !== undefined && { cause: id }) }
  return { status: 404, message: 'bad_identifier', data }
}

/** Of one's own document the rest may be changed. */
export function ownChangeFailure(paths: readonly string[]): FailureAnswer {
  return { ...failures.forbidden, data: { message: 'forbidden', cause: paths } }
}
