import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { scopeOf } from '#kernel'
import { auditedChange, type RequiredAccess, requiredAccess, roleInsufficient, setActor, tokenMissing } from '#rest'
import { noteChange } from './audited-request.ts'
import { originOf } from './origin-of.ts'
import { TokenVerifier } from './token-verifier.ts'

const bearer = /^Bearer +([\w~+/.=-]+) *$/i

/** Lets a request pass whose token holds a role that the route names. A route that names none is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly tokens: TokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = requiredAccess(context.getHandler())
    if (access === 'anybody') return true
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    noteChange(request, auditedChange(context.getHandler()))
    await this.authenticate(request, access)
    return true
  }

  private async authenticate(request: FastifyRequest, access: RequiredAccess): Promise<void> {
    const token = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw tokenMissing()
    const actor = { ...(await this.tokens.verify(token)), origin: originOf(request) }
    // the log and the audit trail tell who was refused
    setActor(request, actor)
    if (!access.includes(actor.role)) throw roleInsufficient(actor.role)
    // throws where the actor has none
    scopeOf(actor)
  }
}
