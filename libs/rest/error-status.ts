import type { ErrorKind } from '#kernel'

const statuses = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  unknown: 404,
  conflict: 409,
  precondition: 412,
  too_large: 413,
  unsupported_media: 415,
  unprocessable: 422,
  too_many: 429,
  refused_elsewhere: 502,
  unavailable: 503,
  unfinished: 504,
} satisfies Record<ErrorKind, number>

/** The HTTP status of a failure. */
export function statusOf(kind: ErrorKind): number {
  return statuses[kind]
}
