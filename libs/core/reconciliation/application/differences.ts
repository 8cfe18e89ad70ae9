import type { Actor } from '#kernel'
import type { Difference } from '../domain/difference.ts'
import type { Policy } from '../domain/policy.ts'
import type { Mended } from './mended.ts'

/** Differences of one kind of thing: seen under the claims of a change, and mended by an operation as any other. */
export interface Differences<Key, Seen extends { readonly difference: Difference }> {
  /** How it differs now that nobody changes it, if it does. */
  see(actor: Actor, key: Key, policy: Policy): Promise<Seen | undefined>
  /** Why it wouldn't be mended, as far as that's known before it's tried. */
  obstacle(seen: Seen, policy: Policy): Mended | undefined
  /** Mends what was seen, if it is still so. */
  mend(actor: Actor, key: Key, seen: Seen, policy: Policy): Promise<Mended>
}
