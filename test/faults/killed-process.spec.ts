import { expect, it } from 'vitest'
import { everyStepTimeout, tryEveryStep } from './every-step.fixture.ts'
import { kills } from './fault.fixture.ts'
import { leaseSeconds } from './length.fixture.ts'

it('A change is there as a whole or not at all when its process is killed', { timeout: everyStepTimeout }, async () => {
  const { recoverySeconds } = await tryEveryStep(kills)
  // two on a machine that has nothing else to do; what that takes alone, the recovery job's own spec says
  expect(recoverySeconds).toBeLessThan(leaseSeconds + 20)
})
