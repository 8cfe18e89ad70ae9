import { createParamDecorator, type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Actor, Role } from '#kernel'

const accessKey = 'kitter:access'
const reflector = new Reflector()

/** Who may call a route. Whatever says nothing is closed to everybody. */
export type RequiredAccess = 'nobody' | 'anybody' | readonly Role[]

/** A route that needs no token: the probes. */
export const Public = (): CustomDecorator => SetMetadata(accessKey, 'anybody' satisfies RequiredAccess)

/** Reading what lies in one's own scope. */
export const Reads = (): CustomDecorator => allow('kitter-admin', 'kitter-domain-admin', 'kitter-viewer')

/** Changing what lies in one's own scope. */
export const Changes = (): CustomDecorator => allow('kitter-admin', 'kitter-domain-admin')

/** Reading what belongs to the whole platform. */
export const ReadsPlatform = (): CustomDecorator => allow('kitter-admin', 'kitter-viewer')

/** Changing what belongs to the whole platform. */
export const ChangesPlatform = (): CustomDecorator => allow('kitter-admin')

function allow(...roles: readonly Role[]): CustomDecorator {
  return SetMetadata(accessKey, roles satisfies RequiredAccess)
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
