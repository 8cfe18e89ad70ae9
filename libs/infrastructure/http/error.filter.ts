import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'
import { errorBodyOf, statusOf } from '#rest'
import { ChangeRecorder } from './change-recorder.ts'
import { noteProblem } from './noted-problem.ts'
import { internalError, problemOf } from './problem.ts'

/** Every failure in the one error shape. A 5xx never tells internals: those are in the request's log line. */
@Injectable()
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name)

  constructor(private readonly changes: ChangeRecorder) {}

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
    if (problem === undefined) answer(reply, 500, { ...internalError(), request_id: request.id })
    else answer(reply, statusOf(problem.kind), errorBodyOf(problem, request.id), problem)
  }
}

function answer(reply: FastifyReply, status: number, body: object, problem?: DomainError): void {
  if (problem?.details.retryAfter !== undefined) void reply.header('retry-after', problem.details.retryAfter)
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="kitter"')
  void reply.status(status).send(body)
}
