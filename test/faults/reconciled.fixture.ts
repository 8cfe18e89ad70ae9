import { until } from '../e2e/until.fixture.ts'
import type { DifferenceShape } from '../wire/native/reconciliation-api.fixture.ts'
import type { Lab } from './lab.fixture.ts'

/** Beyond looking. */
export interface Wish {
  readonly adopt: boolean
  readonly delete: boolean
}

export interface Reconciled {
  readonly state: string
  readonly busy: number
  readonly differences: readonly DifferenceShape[]
}

export async function startReconciliation(lab: Lab, wish: Wish): Promise<string> {
  const body = { scope: 'all', apply: true, ...wish }
  const heard = await lab.call(undefined, { method: 'POST', path: '/reconciliations', body })
  if (heard.status !== 202) throw new Error(`no reconciliation: ${heard.status} ${JSON.stringify(heard.body)}`)
  return (heard.body as { readonly reconciliation: { readonly id: string } }).reconciliation.id
}

/** Whoever carries it on. */
export async function endedReconciliation(lab: Lab, id: string, within = 90_000): Promise<Reconciled> {
  const sql = `
    SELECT state, (counts ->> 'busy')::int AS busy, coalesce((
      SELECT jsonb_agg(difference ORDER BY number) FROM kitter.reconciliation_differences WHERE reconciliation = id), '[]') AS differences
    FROM kitter.reconciliations WHERE id = $1 AND state <> 'running'`
  return until('a reconciliation ends', async () => (await lab.rows<Reconciled>(sql, id))[0], within)
}

export async function reconciled(lab: Lab, wish: Wish): Promise<Reconciled> {
  return endedReconciliation(lab, await startReconciliation(lab, wish))
}

/** Of one that nothing disturbs: what it didn't mend. */
export function unmended({ state, busy, differences }: Reconciled): readonly string[] {
  return [
    ...(state === 'done' ? [] : [`the reconciliation is ${state}`]),
    ...(busy === 0 ? [] : [`${busy} were busy`]),
    ...differences.filter(({ outcome }) => outcome !== 'mended').map((each) => JSON.stringify(each)),
  ]
}
