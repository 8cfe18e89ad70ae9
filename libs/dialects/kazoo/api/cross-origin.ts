const methods = 'GET, PUT, POST, PATCH, DELETE'

/** Kazoo's web clients are pages of other origins. No credential of theirs is one that a browser sends by itself. */
export const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Content-Type, X-Auth-Token, X-Request-ID, Location, ETag, Allow, Retry-After, Idempotency-Replayed',
}

/** To a browser that asks whether a page may. */
export const preflight = {
  ...crossOrigin,
  'access-control-allow-methods': methods,
  'access-control-allow-headers':
    'Content-Type, X-Auth-Token, X-Request-ID, X-Pretty-Print, Authorization, If-Match, If-None-Match, ' +
    'Idempotency-Key, Content-Transfer-Encoding',
  'access-control-max-age': '86400',
}
