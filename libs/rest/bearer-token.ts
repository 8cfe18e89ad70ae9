const bearer = /^Bearer +([\w~+/.=-]+) *$/i

/** The token in an `Authorization` header. */
export function bearerTokenOf(authorization: string | readonly string[] | undefined): string | undefined {
  return typeof authorization === 'string' ? bearer.exec(authorization)?.[1] : undefined
}
