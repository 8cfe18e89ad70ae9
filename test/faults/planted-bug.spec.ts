import { expect, it } from 'vitest'
import { kills } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { domain, scenarios } from './scenarios.fixture.ts'
import { batches, type Figures, trialsOf, tryAll } from './trial.fixture.ts'

it('A journal that is told nothing before an effect is found out', { timeout: 60_000 }, async () => {
  await using lab = await Lab.open(2, { FAULTS_BUG: 'nothing is noted' })
  await lab.createDomain(domain)
  const figures: Figures = { tried: 0, recoverySeconds: 0, problems: [] }
  const creating = scenarios.filter(({ name }) => name === 'user.create')
  const trials = (await trialsOf(lab, creating, kills)).filter(({ point }) => point === 'create account')
  for (const batch of batches(trials)) await tryAll(lab, batch, figures)
  expect(figures.tried).toBe(2)
  expect(figures.problems).toContainEqual(expect.stringContaining('neither all nor none'))
})
