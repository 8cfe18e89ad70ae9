import { type CustomDecorator, SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'

const repeatableKey = 'kitter:repeatable'
const reflector = new Reflector()

/** A route that may come with an `Idempotency-Key`, whatever its method; every POST may. */
export const Repeatable = (): CustomDecorator => SetMetadata(repeatableKey, true)

export function isRepeatable(handler: Parameters<Reflector['get']>[1]): boolean {
  return reflector.get<boolean | undefined>(repeatableKey, handler) ?? false
}
