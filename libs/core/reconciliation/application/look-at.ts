import type { Difference, ToldDifference } from '../domain/difference.ts'
import type { Differences } from './differences.ts'
import type { WorkingShift } from './working-shift.ts'

/** What came of looking at one: whether it is over, and whether something was mended. */
export type Looked = 'over' | 'mended' | 'busy' | 'later'

/** Tells what differs, mends it where that's asked for, and tells what came of that. The subject is what it's told of. */
export async function lookAt<Key, Seen extends { readonly difference: Difference }>(
  shift: WorkingShift,
  differences: Differences<Key, Seen>,
  key: Key,
  subject: Pick<ToldDifference, 'about' | 'id'>,
): Promise<Looked> {
  const { startedBy, policy } = shift.reconciliation
  const seen = await differences.see(startedBy, key, policy)
  if (seen === undefined) return settled(shift, subject)
  const { difference } = seen
  await shift.tell({ ...difference, outcome: 'found', reason: differences.obstacle(seen, policy)?.reason })
  if (!policy.apply) return 'over'
  const { outcome, reason, mayWorkLater = false } = await differences.mend(startedBy, key, seen, policy)
  if (outcome === 'busy') return 'busy'
  // what is gone was mended by somebody
  const told = outcome === 'gone' ? 'mended' : outcome
  await shift.tell({ ...difference, outcome: told, reason })
  if (mayWorkLater) return 'later'
  return told === 'mended' ? 'mended' : 'over'
}

/** What was found before has been mended by then: with another, by the replica that is gone, or by the operation's recovery. */
async function settled(shift: WorkingShift, { about, id }: Pick<ToldDifference, 'about' | 'id'>): Promise<Looked> {
  const told = shift.reconciliation.policy.apply ? await shift.told(about, id) : undefined
  if (told === undefined) return 'over'
  await shift.tell({ ...told, outcome: 'mended', reason: undefined })
  return 'mended'
}
