import { DomainError } from './domain-error.ts'

/** What a caller may do. The order is by power: whoever holds several acts with the first. */
export const roles = ['kitter-admin', 'kitter-domain-admin', 'kitter-viewer'] as const
export type Role = (typeof roles)[number]

/** What somebody may do who has none of the roles: see and change their own user, where a route says so. It's never given. */
export const ownOnly = 'kitter-user'
export type Standing = Role | typeof ownOnly

/** Where a request came from. */
export interface Origin {
  readonly address: string
  readonly requestId: string
}

/** Who asks. `subject` is the token's `sub`, for a user its id; `domain` is the domain admin's own domain. */
export interface Actor {
  readonly subject: string
  readonly name: string
  readonly role: Standing
  readonly domain?: string
  /** None for what kitter does by itself. */
  readonly origin?: Origin
}

/** For what kitter does by itself. */
export const kitterItself: Actor = { subject: 'kitter', name: 'kitter', role: 'kitter-admin' }

/** The part of the platform that an actor can see: all of it, or a domain with everything below it. */
export type Scope = { readonly everything: true } | { readonly everything: false; readonly domain: string }

export const everywhere: Scope = { everything: true }

const seeingAll: ReadonlySet<Standing> = new Set(['kitter-admin', 'kitter-viewer'])

/** Whether the actor sees all of the platform. A role that nobody has thought of doesn't. */
export function seesAll({ role }: Pick<Actor, 'role'>): boolean {
  return seeingAll.has(role)
}

/** Throws where the actor has none: whoever has no role lives in a domain, too, and is nothing in it. */
export function scopeOf(actor: Actor): Scope {
  if (seesAll(actor)) return everywhere
  if (actor.role === ownOnly) throw roleMissing()
  if (actor.domain === undefined) {
    throw new DomainError(
      'forbidden',
      'access.no_domain',
      'The token has the role kitter-domain-admin but names no domain.',
    )
  }
  return { everything: false, domain: actor.domain }
}

export function roleMissing(): DomainError {
  return new DomainError('forbidden', 'access.role_missing', 'The token holds none of the roles kitter knows.')
}
