import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { DialectRequest } from '#rest'
import { notAcceptable } from '../domain/problems/kazoo-errors.ts'
import { accepts } from './accepts.ts'

const answersKey = 'kazoo:answers'

/** The media types of a route that doesn't answer in JSON. */
export const Answers = (...types: readonly string[]) => SetMetadata(answersKey, types)

/** Asks for what the client accepts once it's known that it may call at all. */
@Injectable()
export class AcceptGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const types = this.reflector.get<readonly string[] | undefined>(answersKey, context.getHandler())
    const request = context.switchToHttp().getRequest<DialectRequest>()
    if (!accepts(request, types ?? ['application/json'])) throw notAcceptable()
    return true
  }
}
