import type { Actor } from '#kernel'
import { parseDomainName } from '#core/domains'
import type { Counts, Phase, Policy, Reconciliation, ReconciliationState } from '#core/reconciliation'

/** A reconciliation as its table and its differences have it. */
export interface ReconciliationRow {
  readonly id: string
  readonly domain: string | null
  readonly policy: Policy
  readonly started_by: Actor
  readonly state: ReconciliationState
  readonly phase: Phase
  readonly counts: Counts
  readonly differences: Partial<Reconciliation['differences']>
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly last_error: string | null
}

export const reconciliationColumns = `
  reconciliations.id, domain, policy, started_by, state, phase, counts, started_at, ended_at, last_error,
  (SELECT coalesce(jsonb_object_agg(outcome, number), '{}') FROM (
    SELECT outcome, count(*)::int AS number FROM kitter.reconciliation_differences
    WHERE reconciliation = reconciliations.id GROUP BY outcome) AS counted) AS differences`

export function reconciliationOf(row: ReconciliationRow): Reconciliation {
  return {
    id: row.id,
    domain: row.domain === null ? undefined : parseDomainName(row.domain),
    policy: row.policy,
    startedBy: row.started_by,
    state: row.state,
    phase: row.phase,
    counts: row.counts,
    differences: { found: 0, mended: 0, left: 0, refused: 0, unsettled: 0, ...row.differences },
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    lastError: row.last_error ?? undefined,
  }
}
