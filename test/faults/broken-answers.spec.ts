import { it } from 'vitest'
import { everyStepTimeout, tryEveryStep } from './every-step.fixture.ts'
import { drops, lates, refusals } from './fault.fixture.ts'
import { isLong, lateSeconds, veryLateSeconds } from './length.fixture.ts'

const title = 'A change is there as a whole or not at all when an answer is lost, an effect late, or one is refused'

it(title, { timeout: everyStepTimeout }, async () => {
  await tryEveryStep([...drops, ...lates([lateSeconds]), ...refusals])
})

it.runIf(isLong)('A change is so, too, when an effect is very late', { timeout: everyStepTimeout }, async () => {
  await tryEveryStep(lates([veryLateSeconds]), veryLateSeconds)
})
