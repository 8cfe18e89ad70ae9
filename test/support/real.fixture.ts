import { it } from 'vitest'
import { describeWith } from './real.ts'

/** What `real.spec.ts` runs on machines that have a browser and on those that don't. */
describeWith('chromium', 'A page', (where) => {
  it(`is shown by ${where}`, () => undefined)
  it('is shown again', () => undefined)
})
