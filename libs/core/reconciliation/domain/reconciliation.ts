import type { Actor } from '#kernel'
import type { DomainName } from '#core/domains'
import type { Policy } from './policy.ts'

/** Its work, in this order. */
export const phases = ['domains', 'accounts', 'communications_users', 'comparison', 'users'] as const
export type Phase = (typeof phases)[number]

/** `cancelled` is said at once, and its work ends soon after. */
export const reconciliationStates = ['running', 'done', 'failed', 'cancelled'] as const
export type ReconciliationState = (typeof reconciliationStates)[number]

export interface Counts {
  /** What was read of Keycloak and wac-core. */
  readonly accounts: number
  readonly communicationsUsers: number
  /** Users that looked different when all were compared, and how many of them have been looked at again. */
  readonly suspects: number
  readonly checked: number
  /** Those that were busy with other changes for too long. */
  readonly busy: number
}

export const nothingCounted: Counts = { accounts: 0, communicationsUsers: 0, suspects: 0, checked: 0, busy: 0 }

/** One comparison of all systems, and what came of it. */
export interface Reconciliation {
  readonly id: string
  /** Of one domain, without those below it; otherwise of everything. */
  readonly domain?: DomainName | undefined
  readonly policy: Policy
  readonly startedBy: Actor
  readonly state: ReconciliationState
  readonly phase: Phase
  readonly counts: Counts
  /** Differences, by what came of them. */
  readonly differences: Readonly<Record<'found' | 'mended' | 'left' | 'refused' | 'unsettled', number>>
  readonly startedAt: Date
  readonly endedAt?: Date | undefined
  /** What last kept it from going on. */
  readonly lastError?: string | undefined
}
