import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { type Actor, ownOnly, roleMissing, scopeOf, type Standing } from '#kernel'
import {
  auditedChange,
  bearerTokenOf,
  type Dialect,
  Dialects,
  type RequiredAccess,
  requiredAccess,
  roleInsufficient,
  setActor,
  tokenMissing,
} from '#rest'
import { noteChange } from './audited-request.ts'
import { TokenVerifier } from './token-verifier.ts'

type Allowed = Exclude<RequiredAccess, 'anybody'>

/** Lets a request pass whose token holds a role that the route names. A route that names none is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly dialects: Dialects,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = requiredAccess(context.getHandler())
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const dialect = this.dialects.of(request)
    await dialect?.admit(request)
    if (access === 'anybody') return true
    const change = auditedChange(context.getHandler())
    if (change !== undefined) noteChange(request, dialect?.changeOf(change, request) ?? change)
    await this.authenticate(request, access, dialect, change !== undefined)
    return true
  }

  private async authenticate(
    request: FastifyRequest,
    access: Allowed,
    dialect: Dialect | undefined,
    isChange: boolean,
  ): Promise<void> {
    const token = dialect === undefined ? bearerTokenOf(request.headers.authorization) : dialect.tokenOf(request)
    if (token === undefined) throw tokenMissing()
    const caller = (await dialect?.callerOf(token, request)) ?? (await this.verified(token, access))
    const isOwn = isChange && access.includes(ownOnly) && dialect?.subjectOf(request) === caller.subject
    const actor: Actor = { ...caller, ...(isOwn && { role: ofOneself(caller) }), origin: request.origin }
    // the log and the audit trail tell who was refused
    setActor(request, actor)
    if (!access.includes(actor.role)) throw actor.role === ownOnly ? roleMissing() : roleInsufficient(actor.role)
    // throws where the actor has none
    if (actor.role !== ownOnly) scopeOf(actor)
    await dialect?.permit(actor, request)
  }

  /** Somebody without a role is somebody only where a route knows what to do with them. */
  private verified(token: string, access: Allowed): Promise<Actor> {
    return access.includes(ownOnly) ? this.tokens.verifyAnybody(token) : this.tokens.verify(token)
  }
}

/** Viewers and domain admins have no right to change their own user by their role: they may do what everybody may. */
function ofOneself({ role }: Actor): Standing {
  return role === 'kitter-admin' ? role : ownOnly
}
