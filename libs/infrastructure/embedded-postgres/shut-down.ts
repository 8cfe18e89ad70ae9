import { waitUntil } from './wait-until.ts'

/** Fast: sessions are ended, all is written. Immediate: the next start recovers from the log. The last for a hung process. */
const steps: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
]

export interface ShutDown {
  readonly send: (signal: NodeJS.Signals) => void
  readonly isGone: () => boolean | Promise<boolean>
}

/** Stops a postmaster, as gently as it allows. Tells whether it is gone. */
export async function shutDown({ send, isGone }: ShutDown): Promise<boolean> {
  for (const [signal, within] of steps) {
    if (await isGone()) return true
    send(signal)
    if (await waitUntil(isGone, within)) return true
  }
  return false
}
