import type { Finding } from '#core/health'

/** A system that kitter relies on, and how to look at it. */
export interface ExaminedSystem {
  readonly name: string
  examine(): AsyncIterable<Finding>
}
