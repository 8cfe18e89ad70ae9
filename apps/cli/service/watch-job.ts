import { setTimeout as pause } from 'node:timers/promises'
import { unlessAborted } from '../unless-aborted.ts'

export interface Watch<Job> {
  readonly look: () => Promise<Job>
  /** Learns how it is, and how it was before. */
  readonly show: (now: Job, before: Job) => void
  /** Ends the watching at once. */
  readonly signal: AbortSignal
}

const firstPause = 100
const longestPause = 1000

/** Looks at work of the service until that doesn't run any more, or until the signal. How it stood at last. */
export async function watchJob<Job extends { readonly state: string }>(
  begun: Job,
  { look, show, signal }: Watch<Job>,
): Promise<Job> {
  let last = begun
  for (let length = firstPause; last.state === 'running'; length = Math.min(length * 1.5, longestPause)) {
    await pause(length, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return last
    const now = await unlessAborted(signal, look())
    if (now === undefined) return last
    show(now, last)
    last = now
  }
  return last
}
