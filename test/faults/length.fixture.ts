import type { Timing } from '../../apps/kitter/timing.ts'

/** `npm run test:faults` takes its time; `npm test` has others to run, too. */
export const isLong = process.env['FAULTS'] === 'long'

/** How long after kitter gave up an effect still takes place. */
export const lateSeconds = isLong ? [2, 60] : [2]

export const leaseSeconds = 2

/** Of the processes under test: they look for late effects for a little longer than such may come. */
export const timing: Timing = {
  leaseSeconds,
  keyLeaseSeconds: leaseSeconds,
  recovery: { firstSeconds: 0.25, lateSeconds: Math.max(...lateSeconds) + 1 },
}
