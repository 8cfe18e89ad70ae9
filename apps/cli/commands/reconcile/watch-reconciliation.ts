import { isDeepStrictEqual } from 'node:util'
import { printable } from '../../output/printable.ts'
import type { Progress } from '../../output/progress.ts'
import { watchJob } from '../../service/watch-job.ts'
import { PhaseProgress } from './phase-progress.ts'
import type { Reconciliation } from './reconciliation.ts'
import type { Reconciliations } from './reconciliations.ts'

/** Shows how far it is until it ends, or until the signal ends the watching. How it stood at last. */
export function watchReconciliation(
  begun: Reconciliation,
  reconciliations: Pick<Reconciliations, 'find'>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Reconciliation> {
  const phases = new PhaseProgress()
  const look = (): Promise<Reconciliation> => reconciliations.find(begun.id)
  return watchJob(begun, { look, show: (now, before) => show(now, before, phases, progress), signal })
}

function show(now: Reconciliation, before: Reconciliation, phases: PhaseProgress, progress: Progress): void {
  const isHeldUp = now.phase === before.phase && isDeepStrictEqual(now.counts, before.counts)
  if (isHeldUp && now.state === 'running' && now.last_error !== undefined) {
    progress.say(`It was held up: ${printable(now.last_error)}`)
  } else progress.update(phases.of(now))
}
