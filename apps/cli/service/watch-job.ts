import { setTimeout as pause } from 'node:timers/promises'

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

/** Nothing as soon as nobody waits any more; what fails then isn't worth telling. */
async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const leave = (): void => resolve(undefined)
  signal.addEventListener('abort', leave)
  try {
    return await Promise.race([aborted, work])
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
