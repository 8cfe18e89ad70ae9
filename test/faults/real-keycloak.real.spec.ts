import { expect, it } from 'vitest'
import { describeWith } from '../support/real.ts'
import { drops, kills } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { domain, scenarios } from './scenarios.fixture.ts'
import { tell } from './tell.fixture.ts'
import { batches, type Figures, trialsOf, tryAll } from './trial.fixture.ts'

const kinds = ['user.create with password and SIP mapping', 'user.update names and attributes', 'user.delete']

describeWith('keycloak', 'Over the real Keycloak', () => {
  it('a change is there as a whole or not at all', { timeout: 240_000 }, async () => {
    await using lab = await Lab.open(2, {}, true)
    await lab.createDomain(domain)
    const figures: Figures = { tried: 0, recoverySeconds: 0, problems: [] }
    const chosen = scenarios.filter(({ name }) => kinds.includes(name))
    const trials = (await trialsOf(lab, chosen, [...kills, ...drops])).filter(({ system }) => system === 'Keycloak')
    for (const batch of batches(trials)) await tryAll(lab, batch, figures)
    tell(figures)
    expect(figures.problems).toEqual([])
    expect(figures.tried).toBe(12)
  })
})
