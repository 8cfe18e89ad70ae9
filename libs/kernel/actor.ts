import { DomainError } from './domain-error.ts'

/** What a caller may do. The order is by power: whoever holds several acts with the first. */
export const roles = ['kitter-admin', 'kitter-domain-admin', 'kitter-viewer'] as const
export type Role = (typeof roles)[number]

/** Where a request came from. */
export interface Origin {
  readonly address: string
  readonly requestId: string
}

/** Who asks. `subject` is the token's `sub`; `domain` is the domain admin's own domain. */
export interface Actor {
  readonly subject: string
  readonly name: string
  readonly role: Role
  readonly domain?: string
  /** None for what kitter does by itself. */
  readonly origin?: Origin
}

/** For what kitter does by itself. */
export const kitterItself: Actor = { subject: 'kitter', name: 'kitter', role: 'kitter-admin' }

/** The part of the platform that an actor can see: all of it, or a domain with everything below it. */
export type Scope = { readonly everything: true } | { readonly everything: false; readonly domain: string }

export const everywhere: Scope = { everything: true }

const seeingAll: ReadonlySet<Role> = new Set(['kitter-admin', 'kitter-viewer'])

/** Whether the actor sees all of the platform. A role that nobody has thought of doesn't. */
export function seesAll({ role }: Pick<Actor, 'role'>): boolean {
  return seeingAll.has(role)
}

export function scopeOf(actor: Actor): Scope {
  if (seesAll(actor)) return everywhere
  if (actor.domain === undefined) {
    throw new DomainError(
      'forbidden',
      'access.no_domain',
      'The token has the role kitter-domain-admin but names no domain.',
    )
  }
  return { everything: false, domain: actor.domain }
}
