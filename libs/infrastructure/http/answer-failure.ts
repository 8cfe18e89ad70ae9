import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '#kernel'
import { type Dialects, errorBodyOf, statusOf } from '#rest'
import { internalError } from './problem.ts'
import { sendBody } from './send-body.ts'

/** Says what went wrong: in kitter's one error shape, or as the dialect does whose path it is. */
export function answerFailure(
  dialects: Dialects,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: DomainError | undefined,
): void {
  if (problem?.details.retryAfter !== undefined) void reply.header('retry-after', problem.details.retryAfter)
  const dialect = dialects.of(request)
  if (dialect === undefined) {
    answerPlainly(request, reply, problem)
    return
  }
  const allowed = problem?.code === 'route.unknown' ? dialects.methodsAt(request) : []
  const { status, ...answer } = dialect.failure({ problem, allowed }, request)
  void reply.status(status).send(sendBody(dialect, reply, answer))
}

function answerPlainly({ id }: FastifyRequest, reply: FastifyReply, problem: DomainError | undefined): void {
  const status = problem === undefined ? 500 : statusOf(problem.kind)
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="kitter"')
  const body = problem === undefined ? { ...internalError(), request_id: id } : errorBodyOf(problem, id)
  void reply.status(status).send(body)
}
