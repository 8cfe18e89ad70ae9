import type { ImportTimes } from '#core/imports'
import type { Pace } from '#core/provisioning'
import type { ReconciliationTimes } from '#core/reconciliation'

/** How patient kitter is. Tests are in more of a hurry than operators. */
export interface Timing {
  /** How long a request may take to arrive. */
  readonly requestSeconds?: number
  readonly leaseSeconds?: number
  /** How many words the journal writes in one go. */
  readonly journalTogether?: number
  /** Of idempotency keys. */
  readonly keyLeaseSeconds?: number
  /** Of a reconciliation. */
  readonly reconciliationLeaseSeconds?: number
  readonly reconciliation?: Partial<ReconciliationTimes>
  /** Of an import. */
  readonly importLeaseSeconds?: number
  readonly imports?: Partial<ImportTimes>
  readonly recovery?: Partial<Pace>
}
