import { z } from 'zod'
import { printable } from '../../output/printable.ts'

const count = z.number()

/** As the service tells of it. */
export const reconciliationShape = z.object({
  id: z.uuid(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  phase: z.string(),
  counts: z.object({
    accounts: count,
    communications_users: count,
    suspects: count,
    checked: count,
    busy: count,
  }),
  differences: z.object({ found: count, mended: count, left: count, refused: count, unsettled: count }),
  started_by: z.object({ name: z.string() }),
  started_at: z.string(),
  last_error: z.string().optional(),
})
export type Reconciliation = z.output<typeof reconciliationShape>

/** Nothing differs any more. */
export function isInOrder({ state, counts, differences }: Reconciliation): boolean {
  const { found, left, refused, unsettled } = differences
  return state === 'done' && found + left + refused + unsettled + counts.busy === 0
}

/** Why it didn't come to its end. */
export function problemOf({ state, last_error: reason }: Reconciliation): string | undefined {
  if (state === 'cancelled') return 'The reconciliation was cancelled by somebody else.'
  if (state !== 'failed') return undefined
  return `The reconciliation failed${reason === undefined ? '' : `: ${printable(reason).replace(/\.$/, '')}`}.`
}
