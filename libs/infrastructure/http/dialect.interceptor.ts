import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { map, type Observable } from 'rxjs'
import { Dialects } from '#rest'
import { sendBody } from './send-body.ts'

/** Puts what a dialect's routes give into its words. Outside of idempotency: what comes again is said anew. */
@Injectable()
export class DialectInterceptor implements NestInterceptor {
  constructor(private readonly dialects: Dialects) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const dialect = this.dialects.of(request)
    if (dialect === undefined) return next.handle()
    return next
      .handle()
      .pipe(
        map((result: unknown) => sendBody(dialect, http.getResponse<FastifyReply>(), dialect.success(result, request))),
      )
  }
}
