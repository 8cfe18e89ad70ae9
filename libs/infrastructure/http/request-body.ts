import type { FastifyReply, FastifyRequest } from 'fastify'
import { type DomainError, isCut } from '#kernel'
import { type BytesTaken, bodyNotJson, bodyTooLarge, requestMalformed, takesBytes } from '#rest'
import { callerOf } from './caller-of.ts'
import type { RoomForBytes } from './room-for-bytes.ts'

const problems = new WeakMap<object, DomainError>()

/** Leaves what is wrong with a body until it's known whether its sender may call at all. */
export function leaveProblem(request: object, problem: DomainError): void {
  problems.set(request, problem)
}

/** Throws what was left, and reads bytes that nobody has read yet. */
export async function settleBody(
  request: FastifyRequest,
  { raw }: Pick<FastifyReply, 'raw'>,
  room: RoomForBytes,
): Promise<void> {
  const problem = problems.get(request)
  if (problem !== undefined) throw problem
  const taken = takesBytes(request.routeOptions.config)
  if (taken === undefined || taken.isBrought?.(request) === false) return
  if (!taken.types.includes(mediaTypeOf(request))) throw bodyNotJson()
  await room.enter(callerOf(request), raw)
  request.body = await bytesOf(request, taken)
}

export function hasNoBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}

function mediaTypeOf({ headers }: FastifyRequest): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** What comes too much is left to be read to its end and forgotten. */
async function bytesOf({ raw, headers }: FastifyRequest, { most }: BytesTaken): Promise<Buffer> {
  const tooLarge = (): DomainError => bodyTooLarge(`${most} bytes`)
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue
      size += chunk.length
      if (size > most) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw isCut(error) ? requestMalformed() : error
  }
  return Buffer.concat(chunks, size)
}
