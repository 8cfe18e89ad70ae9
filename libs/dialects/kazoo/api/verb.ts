import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { DialectRequest } from '#rest'
import { verbOf } from './verb-of.ts'

/** The method that a POST stands for: a parameter of a controller's method. */
export const Verb = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  verbOf(context.switchToHttp().getRequest<DialectRequest>()),
)
