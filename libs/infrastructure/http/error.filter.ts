import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'
import { errorBodyOf, statusOf } from '#rest'
import { noteProblem } from './problem-code.ts'
import { internalError, problemOf } from './problem.ts'

/** Every failure in the one error shape. A 5xx never tells internals: those are in the log, under the request's id. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name)

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const reply = http.getResponse<FastifyReply>()
    const problem = problemOf(error)
    if (problem === undefined || problem.details.cause !== undefined) this.log.error({ err: error }, 'request failed')
    noteProblem(request, problem?.code ?? internalError().code)
    if (problem === undefined) answer(reply, 500, { ...internalError(), request_id: request.id })
    else answer(reply, statusOf(problem.kind), errorBodyOf(problem, request.id), problem)
  }
}

function answer(reply: FastifyReply, status: number, body: object, problem?: DomainError): void {
  if (problem?.details.retryAfter !== undefined) void reply.header('retry-after', problem.details.retryAfter)
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="kitter"')
  void reply.status(status).send(body)
}
