import {
  applyDecorators,
  createParamDecorator,
  type CustomDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { type Actor, ownOnly, type Standing } from '#kernel'

const accessKey = 'kitter:access'
const changeKey = 'kitter:change'
const reflector = new Reflector()

/** Who may call a route. Whatever says nothing is closed to everybody. */
export type RequiredAccess = 'nobody' | 'anybody' | readonly Standing[]

/** A route that needs no token: the probes. */
export const Public = (): CustomDecorator => SetMetadata(accessKey, 'anybody' satisfies RequiredAccess)

/** Reading what lies in one's own scope. */
export const Reads = (): CustomDecorator => allow('kitter-admin', 'kitter-domain-admin', 'kitter-viewer')

/**
 * What the audit trail calls a change. One that is made by an operation is told by the operation itself, together with its
 * outcome; of all others the route tells when it's done.
 */
export type AuditedChange = { readonly action: string; readonly byOperation: boolean }

export const byOperation = (action: string): AuditedChange => ({ action, byOperation: true })

/** Changing what lies in one's own scope. */
export const Changes = (change: string | AuditedChange): MethodDecorator =>
  applyDecorators(allow('kitter-admin', 'kitter-domain-admin'), audited(change))

/** Reading what lies in one's own scope, or is one's own user: for everybody with a token of the realm. */
export const ReadsAlsoOwn = (): CustomDecorator =>
  allow('kitter-admin', 'kitter-domain-admin', 'kitter-viewer', ownOnly)

/** Changing what lies in one's own scope, or one's own user: that is for everybody with a token of the realm, as for those without a role. */
export const ChangesAlsoOwn = (change: string | AuditedChange): MethodDecorator =>
  applyDecorators(allow('kitter-admin', 'kitter-domain-admin', ownOnly), audited(change))

/** Reading what belongs to the whole platform. */
export const ReadsPlatform = (): CustomDecorator => allow('kitter-admin', 'kitter-viewer')

/** Changing what belongs to the whole platform. */
export const ChangesPlatform = (change: string | AuditedChange): MethodDecorator =>
  applyDecorators(allow('kitter-admin'), audited(change))

function allow(...roles: readonly Standing[]): CustomDecorator {
  return SetMetadata(accessKey, roles satisfies RequiredAccess)
}

function audited(change: string | AuditedChange): CustomDecorator {
  return SetMetadata(changeKey, typeof change === 'string' ? { action: change, byOperation: false } : change)
}

/** What a route changes, if it does. */
export function auditedChange(handler: Parameters<Reflector['get']>[1]): AuditedChange | undefined {
  return reflector.get<AuditedChange | undefined>(changeKey, handler)
}

/** What the decorator of a controller's method says. */
export function requiredAccess(handler: Parameters<Reflector['get']>[1]): RequiredAccess {
  return reflector.get<RequiredAccess | undefined>(accessKey, handler) ?? 'nobody'
}

const caller = Symbol('kitter:caller')

interface CalledRequest {
  readonly [caller]?: Actor
}

/** Where the access guard leaves who calls. */
export function setActor(request: object, actor: Actor): void {
  Reflect.set(request, caller, actor)
}

export function actorOf(request: object): Actor | undefined {
  const called: CalledRequest = request
  return called[caller]
}

/** Who calls: a parameter of a controller's method. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<object>())
  if (actor === undefined) throw new Error('the route has no access decorator')
  return actor
})
