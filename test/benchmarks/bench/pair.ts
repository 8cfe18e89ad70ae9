import type { Done } from './load.ts'

export interface Outcome extends Done {
  /** In the unit of the pair. */
  readonly value: number
}

/** The same work through kitter and without it. */
export interface Pair {
  /** Of the values: more is better for rates, less for times. */
  readonly unit: 'users/s' | 'ms'
  /** What each side needs before it begins, and nobody measures. */
  readonly prepare?: () => Promise<void>
  kitter(): Promise<Outcome>
  directly(): Promise<Outcome>
}

/** By how many it was done in a second. */
export function rateOf(done: Done): Outcome {
  return { ...done, value: done.count / done.seconds }
}
