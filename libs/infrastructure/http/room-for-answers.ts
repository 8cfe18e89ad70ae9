import type { FastifyReply, FastifyRequest } from 'fastify'
import { type MuchGiven, tooManyAnswers } from '#rest'
import { callerOf } from './caller-of.ts'
import { RoomForBytes } from './room-for-bytes.ts'

/** Room for large answers, of each route its own. */
export class RoomForAnswers {
  private readonly rooms = new Map<MuchGiven, RoomForBytes>()

  async enter(
    given: MuchGiven | undefined,
    request: FastifyRequest,
    { raw }: Pick<FastifyReply, 'raw'>,
  ): Promise<void> {
    if (given === undefined || given.isWanted?.(request) === false) return
    await this.roomOf(given).enter(callerOf(request), raw)
  }

  private roomOf(given: MuchGiven): RoomForBytes {
    const room =
      this.rooms.get(given) ?? new RoomForBytes({ atOnce: given.atOnce, ofEach: given.toEach }, tooManyAnswers)
    this.rooms.set(given, room)
    return room
  }
}
