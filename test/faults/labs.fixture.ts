import type { Lab } from './lab.fixture.ts'
import { type Figures, type Trial, tryAll } from './trial.fixture.ts'

/** Nearly all the time, a lab waits for leases to run out and for late effects: others go on meanwhile. */
const mostLabs = 2

/** Each batch in one of the labs, in whichever is free. */
export async function tryInLabs(
  openLab: () => Promise<Lab>,
  batchesIn: (lab: Lab) => Promise<readonly (readonly Trial[])[]>,
): Promise<Figures> {
  const figures: Figures = { tried: 0, recoverySeconds: 0, problems: [] }
  await using first = await openLab()
  const waiting = (await batchesIn(first)).values()
  const tryThem = async (lab: Lab): Promise<void> => {
    for (const batch of waiting) await tryAll(lab, batch, figures)
  }
  const tryInAnother = async (): Promise<void> => {
    await using lab = await openLab()
    await tryThem(lab)
  }
  const others = Array.from({ length: mostLabs - 1 }, tryInAnother)
  const tried = await Promise.allSettled([tryThem(first), ...others])
  for (const each of tried) if (each.status === 'rejected') throw each.reason
  return figures
}
