import { type CustomDecorator, SetMetadata } from '@nestjs/common'
import { routeConfigKey } from './takes-file.ts'

export interface BytesTaken {
  /** In lower case, without parameters. */
  readonly types: readonly string[]
  /** How many at most. */
  readonly most: number
}

interface RouteWithBytes {
  readonly takesBytes: BytesTaken
}

/** A route whose body is bytes of certain types, read once its caller may send them. */
export const TakesBytes = (taken: BytesTaken): CustomDecorator =>
  SetMetadata(routeConfigKey, { takesBytes: taken } satisfies RouteWithBytes)

export function takesBytes(routeConfig: unknown): BytesTaken | undefined {
  return hasBytes(routeConfig) ? routeConfig.takesBytes : undefined
}

function hasBytes(routeConfig: unknown): routeConfig is RouteWithBytes {
  return typeof routeConfig === 'object' && routeConfig !== null && 'takesBytes' in routeConfig
}
