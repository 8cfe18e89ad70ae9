import type { FastifyRequest } from 'fastify'
import { actorOf } from '#rest'

/** Whose request it is, for what each caller has a part of. */
export function callerOf(request: FastifyRequest): string {
  return actorOf(request)?.subject ?? request.ip
}
