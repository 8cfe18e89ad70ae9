import type { Pace } from '#core/provisioning'

/** How patient kitter is. Tests are in more of a hurry than operators. */
export interface Timing {
  readonly leaseSeconds?: number
  /** Of idempotency keys. */
  readonly keyLeaseSeconds?: number
  readonly recovery?: Partial<Pace>
}
