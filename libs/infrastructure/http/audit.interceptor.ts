import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mergeMap, type Observable } from 'rxjs'
import { ChangeRecorder } from './change-recorder.ts'

/** Tells the audit trail of a change that was made, before the caller hears of it. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly changes: ChangeRecorder) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp()
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        await this.changes.made(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), answer)
        return answer
      }),
    )
  }
}
