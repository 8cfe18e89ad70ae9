import { type CustomDecorator, SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { DialectRequest } from './dialect.ts'

const givesMuchKey = 'kitter:gives-much'
const reflector = new Reflector()

export interface MuchGiven {
  /** How many such answers at once. */
  readonly atOnce: number
  /** How many of them to one caller. */
  readonly toEach: number
  /** Whether a request asks for one, where not every one does. */
  readonly isWanted?: (request: Pick<DialectRequest, 'query'>) => boolean
}

/** A route whose answers are large: so many at once are made, and kept for callers who read slowly. */
export const GivesMuch = (given: MuchGiven): CustomDecorator => SetMetadata(givesMuchKey, given)

export function givesMuch(handler: Parameters<Reflector['get']>[1]): MuchGiven | undefined {
  return reflector.get<MuchGiven | undefined>(givesMuchKey, handler)
}
