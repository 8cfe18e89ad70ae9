/**
 * What sort of failure it is, free of any transport. Each edge maps kinds to its own codes
 * (HTTP statuses in `libs/rest`, a dialect's error envelope in its folder).
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown'
  | 'conflict'
  | 'precondition'
  | 'too_large'
  | 'unsupported_media'
  | 'unprocessable'
  | 'too_many'
  | 'refused_elsewhere'
  | 'unavailable'
  | 'unfinished'
