import { type CustomDecorator, SetMetadata } from '@nestjs/common'
import type { DialectRequest } from './dialect.ts'
import { routeConfigKey } from './takes-file.ts'

export interface BytesTaken {
  /** In lower case, without parameters. */
  readonly types: readonly string[]
  /** How many at most. */
  readonly most: number
  /** Whether a request brings any, where not every one does; what else it brings is left alone. */
  readonly isBrought?: (request: Pick<DialectRequest, 'method' | 'originalUrl' | 'body'>) => boolean
}

interface RouteWithBytes {
  readonly takesBytes: BytesTaken
}

/** A route whose body is bytes of certain types, read once its caller may send them. JSON can say only that none are brought. */
export const TakesBytes = (taken: BytesTaken): CustomDecorator =>
  SetMetadata(routeConfigKey, { takesBytes: taken } satisfies RouteWithBytes)

export function takesBytes(routeConfig: unknown): BytesTaken | undefined {
  return hasBytes(routeConfig) ? routeConfig.takesBytes : undefined
}

function hasBytes(routeConfig: unknown): routeConfig is RouteWithBytes {
  return typeof routeConfig === 'object' && routeConfig !== null && 'takesBytes' in routeConfig
}
