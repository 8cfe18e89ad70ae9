import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Dialects } from '#rest'
import { answerFailure } from './answer-failure.ts'
import { ChangeRecorder } from './change-recorder.ts'
import { noteProblem } from './noted-problem.ts'
import { internalError, problemOf } from './problem.ts'

/** Every failure in the one error shape, or in that of the dialect whose path it is. A 5xx never tells internals: those are in the request's log line. */
@Injectable()
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name)

  constructor(
    private readonly changes: ChangeRecorder,
    private readonly dialects: Dialects,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const reply = http.getResponse<FastifyReply>()
    const problem = problemOf(error)
    const isTold = problem === undefined || problem.details.cause !== undefined
    // a request whose caller has gone is never answered, and so has no line
    if (isTold && request.raw.socket.destroyed)
      this.log.error({ err: error }, 'request failed, and its caller has gone')
    noteProblem(request, { code: problem?.code ?? internalError().code, ...(isTold && { error }) })
    await this.changes.refused(request, reply, problem)
    answerFailure(this.dialects, request, reply, problem)
  }
}
