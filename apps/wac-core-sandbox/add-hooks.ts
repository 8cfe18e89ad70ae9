import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Fault } from './fault.ts'
import type { Faults } from './faults.ts'

export interface HookParts {
  readonly token: string
  readonly faults: Faults
  readonly logger: Logger
}

/** Who may call, what goes wrong with the call, and a line about it. */
export function addHooks(fastify: FastifyInstance, { token, faults, logger }: HookParts): void {
  const dropped = new WeakSet<FastifyRequest>()
  fastify.addHook('onRequest', async (request, reply) => {
    if (pathOf(request) === '/health') return
    const route = routeOf(request)
    const fault = route === undefined ? undefined : faults.meet(route)
    if (fault?.drop === 'after') dropped.add(request)
    if (await isAnsweredBy(fault, request, reply)) return reply
    return refusalOf(request, reply, token)
  })
  fastify.addHook('onSend', (request, _, payload, done) => {
    if (dropped.has(request)) request.raw.socket.destroy()
    done(null, payload)
  })
  fastify.addHook('onResponse', (request, { statusCode: status, elapsedTime }, done) => {
    const level = pathOf(request) === '/health' ? 'debug' : 'info'
    logger[level]({ method: request.method, path: pathOf(request), status, ms: Math.round(elapsedTime) }, 'request')
    done()
  })
}

/** Whether there is nothing left to do for the call. */
async function isAnsweredBy(fault: Fault | undefined, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (fault === undefined) return false
  const { latencyMs, drop, status = 200, body } = fault
  if (latencyMs !== undefined) await pause(latencyMs)
  if (drop === 'before') {
    reply.hijack()
    request.raw.socket.destroy()
    return true
  }
  if (fault.status === undefined && body === undefined) return false
  const isHtml = typeof body === 'string' && body.trimStart().startsWith('<')
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? { error: 'This fault was ordered.' })
  void reply.status(status).header('content-type', isHtml ? 'text/html' : 'application/json')
  void reply.send(text)
  return true
}

function refusalOf(request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply | undefined {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined) return reply.status(401).send({ error: 'The request needs a bearer token.' })
  return isSame(given, token) ? undefined : reply.status(403).send({ error: 'The bearer token is not right.' })
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}

function pathOf(request: FastifyRequest): string {
  return request.originalUrl.split('?', 1)[0] ?? ''
}

/** As faults name it: the method and the pattern below `/sapi`. */
function routeOf({ method, routeOptions: { url } }: FastifyRequest): string | undefined {
  if (url?.startsWith('/sapi/') !== true) return undefined
  return `${method} ${url.slice('/sapi'.length).replace(/\/$/, '').replace(':id', '{id}')}`
}
