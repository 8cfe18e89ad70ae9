import type { DomainError } from '#kernel'

/**
 * What an operation needs to be its own while it runs: a user, a name, a place in the tree. Exclusive claims bear
 * no other claim of the same key, shared ones bear each other.
 */
export interface Claim {
  readonly key: string
  readonly shared: boolean
  /** What the caller is told when another operation holds the key; without it, the claim waits for its turn. */
  readonly taken?: DomainError
}

export function exclusive(key: string): Claim {
  return { key, shared: false }
}

export function shared(key: string): Claim {
  return { key, shared: true }
}

/** Whether who holds the first needs to claim nothing more to have the others. */
export function covers(held: readonly Claim[], needed: readonly Claim[]): boolean {
  return needed.every((claim) => held.some(({ key, shared }) => key === claim.key && (claim.shared || !shared)))
}

/** A claim that doesn't wait: whoever comes second is told at once. */
export function takes(key: string, taken: DomainError): Claim {
  return { key, shared: false, taken }
}
