import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { givesMuch, tooManyBodies } from '#rest'
import { settleBody } from './request-body.ts'
import { RoomForAnswers } from './room-for-answers.ts'
import { RoomForBytes } from './room-for-bytes.ts'

/** A body of bytes is in memory up to four times until it's kept: received, put together, decoded, sent to Postgres. */
const bodies = { atOnce: 4, ofEach: 1 } as const

/** Lets a request pass once there is room for what it brings and wants, with its body read. Whether it may is known by then. */
@Injectable()
export class RoomGuard implements CanActivate {
  private readonly forBodies = new RoomForBytes(bodies, tooManyBodies)
  private readonly forAnswers = new RoomForAnswers()

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const reply = http.getResponse<FastifyReply>()
    await settleBody(request, reply, this.forBodies)
    await this.forAnswers.enter(givesMuch(context.getHandler()), request, reply)
    return true
  }
}
