import { expect } from 'vitest'
import type { Fault } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { tryInLabs } from './labs.fixture.ts'
import { isLong, lateSeconds, timingFor } from './length.fixture.ts'
import { domain, otherDomain, scenarios, shortScenarios } from './scenarios.fixture.ts'
import { tell } from './tell.fixture.ts'
import { batches, type Figures, trialsOf } from './trial.fixture.ts'

export const everyStepTimeout = isLong ? 1_800_000 : 300_000

/** Has every fault happen at every point of every change, and sees that all of it is there afterwards, or nothing. */
export async function tryEveryStep(faults: readonly Fault[], late = lateSeconds): Promise<Figures> {
  const open = async (): Promise<Lab> => {
    const lab = await Lab.open(2, { FAULTS_TIMING: JSON.stringify(timingFor(late)) })
    for (const name of [domain, otherDomain]) await lab.createDomain(name)
    return lab
  }
  const figures = await tryInLabs(open, async (lab) =>
    batches(await trialsOf(lab, isLong ? scenarios : shortScenarios, faults)),
  )
  const { tried, problems } = figures
  tell(figures)
  expect(problems).toEqual([])
  expect(tried).toBeGreaterThan(10)
  return figures
}
