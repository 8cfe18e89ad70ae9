import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { actorOf } from '#rest'
import type { Metrics } from './metrics.ts'
import { notedProblem } from './noted-problem.ts'
import { requestContext } from './request-context.ts'

/** Gives every request its context and its id in the answer; logs and counts it once it's answered. */
export function addRequestHooks(fastify: FastifyInstance, logger: Logger, metrics: Metrics): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    requestContext.run({ requestId: request.id }, done)
  })
  // the line holds no values of a request, so redaction, which costs more than the line, has nothing to look for
  const requestLog = logger.child({}, { redact: [] })
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const error = notedProblem(request)?.error
    requestContext.run({ requestId: request.id }, () => {
      if (error === undefined) requestLog[isWatching(route) ? 'debug' : 'info'](lineOf(request, reply), 'request')
      else logger[levelOf(reply)]({ ...lineOf(request, reply), err: error }, 'request failed')
    })
    done()
  })
}

/** A system that is away is no fault of kitter's, and the caller comes again. */
function levelOf({ statusCode }: FastifyReply): 'warn' | 'error' {
  return statusCode === 503 || statusCode < 500 ? 'warn' : 'error'
}

const longestPath = 200

/** The path without its query, which may hold people's data. */
function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const actor = actorOf(request)
  const code = notedProblem(request)?.code
  return {
    method: request.method,
    path: request.originalUrl.split('?', 1)[0]?.slice(0, longestPath),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ...(code !== undefined && { code }),
    ...(reply.getHeader('idempotency-replayed') === 'true' && { replayed: true }),
    ...(actor !== undefined && { actor: actor.name, role: actor.role }),
  }
}

/** Probes and Prometheus come every few seconds and say nothing new. */
function isWatching(route: string): boolean {
  return /\/health\/|\/metrics$/.test(route)
}
