import { type DialectRequest, requestPath } from '#rest'

/** The route that a request came to, or else its path: both end alike. */
export function placeOf(request: Pick<DialectRequest, 'originalUrl' | 'routeOptions'>): string {
  return request.routeOptions?.url ?? requestPath(request)
}
