import { expect, it } from 'vitest'
import { clockFinding } from './examine-clock.ts'

it.each([
  [0, 'right', "Keycloak's clock and kitter's agree"],
  [-2, 'right', "Keycloak's clock and kitter's agree"],
  [4, 'doubtful', "Keycloak's clock is 4 s ahead of kitter's"],
  [-60, 'wrong', "Keycloak's clock is 60 s behind kitter's"],
])('a clock that is %d s ahead is %s', (ahead, state, sentence) => {
  expect(clockFinding(ahead)).toMatchObject({ state, sentence })
})
