import { type CustomDecorator, SetMetadata } from '@nestjs/common'

/** What Nest's Fastify adapter makes the configuration of a route (`RouteConfig` there). */
export const routeConfigKey = '__fastify_route_config__'

/** What a route says of itself to the reader of bodies. */
export interface RouteWithFile {
  readonly takesFile: true
}

/** A route whose body is a file of any type and size: it's handed over unread, as a stream of bytes. */
export const TakesFile = (): CustomDecorator => SetMetadata(routeConfigKey, { takesFile: true } satisfies RouteWithFile)

export function takesFile(routeConfig: unknown): boolean {
  return typeof routeConfig === 'object' && routeConfig !== null && 'takesFile' in routeConfig
}
