import type { Domain } from '#core/domains'

/** Which domain it is: by its id, or where wac-core has made it anew by its name. */
export type DomainKey = Pick<Domain, 'id' | 'name'>

/** What wac-core and kitter have of one domain. */
export interface DomainSides {
  readonly registered?: Domain | undefined
  readonly record?: Domain | undefined
}

export function sidesOf(registered: readonly Domain[], recorded: readonly Domain[], key: DomainKey): DomainSides {
  const record = counterpart(key, recorded, registered)
  return { registered: counterpart(record ?? key, registered, recorded), record }
}

/** Of this name it's only where the others don't know it under its own id. */
function counterpart(
  { id, name }: DomainKey,
  domains: readonly Domain[],
  others: readonly Domain[],
): Domain | undefined {
  const named = (domain: Domain): boolean => domain.name === name && !others.some((other) => other.id === domain.id)
  return domains.find((domain) => domain.id === id) ?? domains.find(named)
}
