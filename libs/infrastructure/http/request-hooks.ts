import type { FastifyInstance } from 'fastify'
import { actorOf } from '#rest'
import type { Metrics } from './metrics.ts'
import { requestContext } from './request-context.ts'

/** Gives every request its context and its id in the answer; logs and counts it once it's answered. */
export function addRequestHooks(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    requestContext.run({ requestId: request.id }, done)
  })
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const actor = actorOf(request)
    const line = {
      request_id: request.id,
      method: request.method,
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(actor !== undefined && { actor: actor.name, role: actor.role }),
    }
    if (isProbe(route)) request.log.debug(line, 'request')
    else request.log.info(line, 'request')
    done()
  })
}

function isProbe(route: string): boolean {
  return /\/health\/|\/metrics$/.test(route)
}
