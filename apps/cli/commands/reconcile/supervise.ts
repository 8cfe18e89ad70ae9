import { CannotRun } from '../../cannot-run.ts'
import { type Interruption, whileInterruptible } from '../../interruption.ts'
import type { Progress } from '../../output/progress.ts'
import type { Reconciliation } from './reconciliation.ts'
import type { ReconciliationWish } from './reconciliation-wish.ts'
import type { Reconciliations } from './reconciliations.ts'
import { watchReconciliation } from './watch-reconciliation.ts'

export interface Supervision {
  readonly wish: ReconciliationWish
  readonly progress: Progress
  /** The service's; aborting the signal ends all waiting for one that is away. */
  readonly connect: (signal: AbortSignal) => Reconciliations
}

export interface Supervised {
  /** How it stood at last; unknown only where it was interrupted before the service had said that it began. */
  readonly reconciliation: Reconciliation | undefined
  readonly interruption: Interruption | undefined
}

/** Has the service reconcile, and shows how far it is. When somebody interrupts that, it is cancelled. */
export async function supervise({ wish, progress, connect }: Supervision): Promise<Supervised> {
  const stop = new AbortController()
  let interruption: Interruption | undefined
  const interrupt = (cause: Interruption): void => {
    progress.say('Cancelling the reconciliation. Ctrl-C again leaves at once.')
    interruption = cause
    stop.abort()
  }
  const work = async (): Promise<Reconciliation | undefined> => {
    progress.start({ text: 'Starting' })
    const begun = await unlessAborted(stop.signal, connect(stop.signal).start(wish))
    return begun && (await untilItEnds(begun, { wish, progress, connect }, stop.signal))
  }
  try {
    const reconciliation = await whileInterruptible(work, interrupt)
    return { reconciliation, interruption }
  } finally {
    progress.stop()
  }
}

async function untilItEnds(
  begun: Reconciliation,
  { progress, connect }: Supervision,
  signal: AbortSignal,
): Promise<Reconciliation> {
  try {
    const watching = watchReconciliation(begun, connect(signal), progress, signal)
    const last = (await unlessAborted(signal, watching)) ?? begun
    return last.state === 'running' ? await connect(new AbortController().signal).cancel(begun.id) : last
  } catch (error) {
    throw error instanceof CannotRun ? goesOn(error, begun.id) : error
  }
}

/** What fails because waiting was ended isn't worth telling. */
async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

function goesOn(cause: CannotRun, id: string): CannotRun {
  const sentence = cause.message.replace(/\.$/, '')
  return new CannotRun(`${sentence}; the service may still be at work on the reconciliation ${id}.`, { cause })
}
