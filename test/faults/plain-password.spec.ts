import { expect, it } from 'vitest'
import { everyStepTimeout } from './every-step.fixture.ts'
import { drops, type Fault, kills, lates, refusals } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { tryInLabs } from './labs.fixture.ts'
import { isLong, lateSeconds, timingFor, veryLateSeconds } from './length.fixture.ts'
import { domain, plainPasswordCreation, plainPasswordUpdate } from './scenarios.fixture.ts'
import { tell } from './tell.fixture.ts'
import { batches, trialsOf } from './trial.fixture.ts'

const most: readonly Fault[] = [...kills, ...drops, ...lates([lateSeconds]), ...refusals.slice(-1)]
const title = 'A password that only the realm can hash is set together with the change, or neither is there'

async function tryBoth(updating: readonly Fault[], creating: readonly Fault[], late = lateSeconds): Promise<void> {
  const hurried = JSON.stringify(timingFor(late))
  const open = async (): Promise<Lab> => {
    const lab = await Lab.open(2, { FAULTS_REALM: 'hashes passwords itself', FAULTS_TIMING: hurried })
    await lab.createDomain(domain)
    return lab
  }
  let expected = 0
  const figures = await tryInLabs(open, async (lab) => {
    const updates = await trialsOf(lab, [plainPasswordUpdate], updating)
    const creations = await trialsOf(lab, [plainPasswordCreation], creating)
    expected = updates.length + creations.length
    return [...batches(updates), ...creations.map((trial) => [trial])]
  })
  tell(figures)
  expect(figures.problems).toEqual([])
  expect(figures.tried).toBe(expected)
}

it(title, { timeout: everyStepTimeout }, async () => {
  await tryBoth(most, isLong ? most : [...kills, ...drops])
})

it.runIf(isLong)(`${title}, also when an effect is very late`, { timeout: everyStepTimeout }, async () => {
  const veryLate = lates([veryLateSeconds])
  await tryBoth(veryLate, veryLate, veryLateSeconds)
})
