import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { printable } from '../../output/printable.ts'
import type { Progress } from '../../output/progress.ts'
import { PhaseProgress } from './phase-progress.ts'
import type { Reconciliation } from './reconciliation.ts'
import type { Reconciliations } from './reconciliations.ts'

const firstPause = 100
const longestPause = 1000

/** Shows how far it is until it ends, or until the signal ends the watching. How it stood at last. */
export async function watchReconciliation(
  begun: Reconciliation,
  reconciliations: Pick<Reconciliations, 'find'>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Reconciliation> {
  const phases = new PhaseProgress()
  let last = begun
  for (let length = firstPause; last.state === 'running'; length = Math.min(length * 1.5, longestPause)) {
    await pause(length, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return last
    const now = await reconciliations.find(begun.id)
    show(now, last, phases, progress)
    last = now
  }
  return last
}

function show(now: Reconciliation, before: Reconciliation, phases: PhaseProgress, progress: Progress): void {
  const isHeldUp = now.phase === before.phase && isDeepStrictEqual(now.counts, before.counts)
  if (isHeldUp && now.state === 'running' && now.last_error !== undefined) {
    progress.say(`It was held up: ${printable(now.last_error)}`)
  } else progress.update(phases.of(now))
}
