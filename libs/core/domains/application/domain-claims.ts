import { type Claim, exclusive, shared, takes } from '#core/provisioning'
import { domainNameTaken } from '../domain/domain-errors.ts'
import type { DomainName } from '../domain/domain-name.ts'

/** For the change of a domain itself: one at a time. */
export function changesDomain(id: string): Claim {
  return exclusive(`domain:${id}`)
}

/** For what comes to live in a domain, a user or a subdomain: it must not go or be renamed meanwhile. */
export function livesIn(name: DomainName): Claim {
  return shared(`domain-members:${name}`)
}

/** For a domain that goes or is renamed: nothing may move in meanwhile. */
export function closesDomain(name: DomainName): Claim {
  return exclusive(`domain-members:${name}`)
}

/** For a new name. */
export function takesDomainName(name: DomainName): Claim {
  return takes(`domain-name:${name}`, domainNameTaken(name))
}

/** For who has a name to stay so: waits for whoever is taking it. */
export function settlesDomainName(name: DomainName): Claim {
  return exclusive(`domain-name:${name}`)
}

/**
 * Every change of a domain takes it, alone when it changes the tree's shape or names in it: so two moves can't close a
 * loop together, and a rename, which rewrites the children, meets no other change of a child.
 */
export function usesTree(changesIt: boolean): Claim {
  return changesIt ? exclusive('domain-tree') : shared('domain-tree')
}
