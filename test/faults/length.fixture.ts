import type { Timing } from '../../apps/kitter/timing.ts'

/** `npm run test:faults` takes its time; `npm test` has others to run, too. */
export const isLong = process.env['FAULTS'] === 'long'

/** How long after kitter gave up an effect still takes place. */
export const lateSeconds = 2
/** The same of those that only the long form waits for. */
export const veryLateSeconds = 60

/** Of the processes under test: short, and yet longer than a change takes while two labs and other tests share the machine. */
export const leaseSeconds = 4

/**
 * Of the processes under test: they look for late effects for longer than such may come, which includes the time that a
 * statement may wait for a connection: it's sent then, though the lease has run out meanwhile.
 */
export function timingFor(late: number): Timing {
  const recovery = { firstSeconds: 0.25, lateSeconds: late + 6 }
  // a trap is for the words of one operation
  return { leaseSeconds, journalTogether: 1, keyLeaseSeconds: leaseSeconds, recovery }
}

export const timing = timingFor(lateSeconds)
