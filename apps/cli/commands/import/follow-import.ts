import { isDeepStrictEqual } from 'node:util'
import { ExitCode } from '../../exit-code.ts'
import { askChoice } from '../../input/ask-choice.ts'
import { type Interruption, whileInterruptible } from '../../interruption.ts'
import { printable } from '../../output/printable.ts'
import type { Progress } from '../../output/progress.ts'
import { watchJob } from '../../service/watch-job.ts'
import { importProgress } from './import-progress.ts'
import type { Import } from './import-shape.ts'
import type { Imports } from './imports.ts'

export interface Following {
  readonly progress: Progress
  /** The service's; aborting the signal ends all waiting for one that is away. */
  readonly connect: (signal: AbortSignal) => Imports
  /** Whether somebody can be asked what an interruption means. */
  readonly canAsk: boolean
  /** What it means otherwise. */
  readonly unasked: 'cancel' | 'detach'
}

export interface Followed {
  /** How it stood at last. */
  readonly import: Import
  readonly interruption?: Interruption
  /** It goes on, and nobody looks any more. */
  readonly isDetached: boolean
}

const question = 'Cancel the import, detach from it while it goes on, or go on watching? [c/d/G] '

/** Shows how far an import is, until it ends or somebody leaves it. */
export async function followImport(begun: Import, following: Following): Promise<Followed> {
  for (let last = begun; ;) {
    const { import: seen, interruption } = await watch(last, following)
    if (interruption === undefined || seen.state !== 'running') return { import: seen, isDetached: false }
    const wish = await wishOf(interruption, following)
    if (wish === 'cancel') return { import: await cancel(seen, following), interruption, isDetached: false }
    if (wish === 'detach') return { import: seen, interruption, isDetached: true }
    last = seen
  }
}

async function watch(
  begun: Import,
  { progress, connect }: Following,
): Promise<{ readonly import: Import; readonly interruption: Interruption | undefined }> {
  const stop = new AbortController()
  const imports = connect(stop.signal)
  const look = (): Promise<Import> => imports.find(begun.id)
  const show = (now: Import, before: Import): void => tell(now, before, progress)
  let interruption: Interruption | undefined
  const interrupt = (cause: Interruption): void => {
    interruption = cause
    stop.abort()
  }
  const work = (): Promise<Import> => {
    progress.start(importProgress(begun))
    return watchJob(begun, { look, show, signal: stop.signal })
  }
  try {
    const last = await whileInterruptible(work, interrupt)
    return { import: last, interruption }
  } finally {
    progress.stop()
  }
}

function tell(now: Import, before: Import, progress: Progress): void {
  const isHeldUp = isDeepStrictEqual(now.rows, before.rows) && now.state === 'running'
  if (isHeldUp && now.last_error !== undefined) progress.say(`It is held up: ${printable(now.last_error)}`)
  else progress.update(importProgress(now))
}

async function wishOf(
  { exitCode }: Interruption,
  { canAsk, unasked }: Following,
): Promise<'cancel' | 'detach' | 'go on'> {
  if (!canAsk || exitCode !== ExitCode.interrupted) return unasked
  // another Ctrl-C means: away from here
  return (await askChoice(question, ['cancel', 'detach', 'go on'] as const)) ?? 'detach'
}

async function cancel({ id }: Import, { progress, connect }: Following): Promise<Import> {
  progress.start({ text: 'Cancelling the import' })
  try {
    progress.say('Cancelling the import. Ctrl-C again leaves at once.')
    return await connect(new AbortController().signal).cancel(id)
  } finally {
    progress.stop()
  }
}
