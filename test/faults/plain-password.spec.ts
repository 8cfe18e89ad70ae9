import { expect, it } from 'vitest'
import { everyStepTimeout } from './every-step.fixture.ts'
import { drops, type Fault, kills, lates, refusals } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { isLong, lateSeconds } from './length.fixture.ts'
import { domain, plainPasswordCreation, plainPasswordUpdate } from './scenarios.fixture.ts'
import { tell } from './tell.fixture.ts'
import { batches, type Figures, trialsOf, tryAll } from './trial.fixture.ts'

const most: readonly Fault[] = [...kills, ...drops, ...lates(lateSeconds), ...refusals.slice(-1)]
const title = 'A password that only the realm can hash is set together with the change, or neither is there'

it(title, { timeout: everyStepTimeout }, async () => {
  await using lab = await Lab.open(2, { FAULTS_REALM: 'hashes passwords itself' })
  await lab.createDomain(domain)
  const figures: Figures = { tried: 0, recoverySeconds: 0, problems: [] }
  const updates = await trialsOf(lab, [plainPasswordUpdate], most)
  const creations = await trialsOf(lab, [plainPasswordCreation], isLong ? most : [...kills, ...drops])
  for (const batch of batches(updates)) await tryAll(lab, batch, figures)
  for (const trial of creations) await tryAll(lab, [trial], figures)
  tell(figures)
  expect(figures.problems).toEqual([])
  expect(figures.tried).toBe(updates.length + creations.length)
})
