import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { scopeOf } from '#kernel'
import { type RequiredAccess, requiredAccess, roleInsufficient, setActor, tokenMissing } from '#rest'
import { TokenVerifier } from './token-verifier.ts'

const bearer = /^Bearer +([\w~+/.=-]+) *$/i

/** Lets a request pass whose token holds a role that the route names. A route that names none is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly tokens: TokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = requiredAccess(context.getHandler())
    if (access === 'anybody') return true
    await this.authenticate(context.switchToHttp().getRequest(), access)
    return true
  }

  private async authenticate(request: FastifyRequest, access: RequiredAccess): Promise<void> {
    const token = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw tokenMissing()
    const actor = await this.tokens.verify(token)
    if (!access.includes(actor.role)) throw roleInsufficient(actor.role)
    // throws where the actor has none
    scopeOf(actor)
    setActor(request, actor)
  }
}
