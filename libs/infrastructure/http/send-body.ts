import { StreamableFile } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Dialect, DialectBody } from '#rest'

/** Sets the headers of a dialect's answer; what is to be sent. Fastify adds a charset to JSON that it makes itself. */
export function sendBody(
  { jsonType }: Dialect,
  reply: FastifyReply,
  { status, headers = {}, body }: DialectBody,
): Buffer | StreamableFile | undefined {
  if (status !== undefined) void reply.status(status)
  void reply.headers(headers)
  if (body === undefined || Buffer.isBuffer(body) || body instanceof StreamableFile) return body
  void reply.header('content-type', jsonType)
  return Buffer.from(JSON.stringify(body))
}
