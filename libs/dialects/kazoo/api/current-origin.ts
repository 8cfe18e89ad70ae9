import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { Origin } from '#kernel'
import type { DialectRequest } from '#rest'

/** Where a request comes from: a parameter of a controller's method. */
export const CurrentOrigin = createParamDecorator(
  (_: unknown, context: ExecutionContext): Origin => context.switchToHttp().getRequest<DialectRequest>().origin,
)
