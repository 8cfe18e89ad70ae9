import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '#kernel'

/**
 * Where a request comes from. What a trusted proxy says of it counts, if it is an address: anybody can write anything into
 * `X-Forwarded-For`, and a proxy may pass it on.
 */
export function originOf({ ip, socket, id }: Pick<FastifyRequest, 'ip' | 'socket' | 'id'>): Origin {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip
  return { address: address.replace(/^::ffff:(?=\d+\.)/i, ''), requestId: id }
}
