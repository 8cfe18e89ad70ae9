import { it } from 'vitest'
import { everyStepTimeout, tryEveryStep } from './every-step.fixture.ts'
import { outages } from './fault.fixture.ts'
import { isLong } from './length.fixture.ts'

it('A change is there as a whole or not at all when Postgres goes', { timeout: everyStepTimeout }, async () => {
  await tryEveryStep(isLong ? outages : outages.slice(0, 1))
})
