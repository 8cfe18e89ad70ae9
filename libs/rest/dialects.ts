import type { Dialect } from './dialect.ts'
import { requestPath } from './request-path.ts'

interface KnownRoute {
  readonly method: string
  readonly segments: readonly string[]
}

interface RoutedRequest {
  readonly originalUrl: string
  /** Of the route, as it was written down. */
  readonly routeOptions?: { readonly url?: string | undefined }
}

/** The dialects that are switched on, by the paths they speak at. */
export class Dialects {
  private readonly added: Dialect[] = []
  private readonly routes: KnownRoute[] = []

  /** `prefix` stands before every path: empty, or like `/kitter`. */
  constructor(private readonly prefix = '') {}

  get all(): readonly Dialect[] {
    return this.added
  }

  /** By the dialect's module, when it's made. */
  add(dialect: Dialect): void {
    this.added.push(dialect)
  }

  /** What the router knows, in its way of writing: `/v2/accounts/:account`. */
  noteRoute(methods: string | readonly string[], pattern: string): void {
    const segments = pattern.split('/')
    for (const method of [methods].flat()) this.routes.push({ method, segments })
  }

  /** Whose path a request has; nobody's where it's kitter's own. Where it came to a route, the route says it. */
  of(request: RoutedRequest): Dialect | undefined {
    if (this.added.length === 0) return undefined
    const path = request.routeOptions?.url ?? requestPath(request)
    return this.added.find((dialect) => {
      const beginning = `${this.prefix}${dialect.path}`
      return path === beginning || path.startsWith(`${beginning}/`)
    })
  }

  /** The methods for which there is something at the request's path. */
  methodsAt(request: { readonly originalUrl: string }): readonly string[] {
    const segments = requestPath(request).split('/')
    return [...new Set(this.routes.filter((route) => isAt(route, segments)).map(({ method }) => method))].toSorted()
  }
}

function isAt({ segments: pattern }: KnownRoute, segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
}
