import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { Origin } from '#kernel'
import type { DialectRequest } from '#rest'
import { originIn } from './origin-in.ts'

/** Where a request comes from: a parameter of a controller's method. */
export const CurrentOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin =>
  originIn(context.switchToHttp().getRequest<DialectRequest>()),
)
