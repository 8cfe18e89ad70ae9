import { expect, it } from 'vitest'
import { versionProblem } from './keycloak-version.ts'

it.each([
  ['25.0.6', 'wrong: Keycloak 25.0.6 is older than 26, the first that kitter is written for'],
  ['26.0.0', 'doubtful: Keycloak 26.0.0 is older than 26.7, which kitter is tested with'],
  ['26.6.4', 'doubtful: Keycloak 26.6.4 is older than 26.7, which kitter is tested with'],
  ['26.4.10.redhat-00001', 'doubtful: Keycloak 26.4.10.redhat-00001 is older than 26.7, which kitter is tested with'],
  ['26.7.0', undefined],
  ['26.7.1', 'doubtful: Keycloak 26.7.1 is known to be much slower than 26.7.3 and later'],
  ['26.7.2', 'doubtful: Keycloak 26.7.2 is known to be much slower than 26.7.3 and later'],
  ['26.7.4', undefined],
  ['26.10.0', undefined],
  ['27.0.1', undefined],
  ['999.0.0-SNAPSHOT', undefined],
  ['nightly', undefined],
])('of Keycloak %s is said: %s', (version, said) => {
  const problem = versionProblem(version)
  expect(problem && `${problem.state}: ${problem.sentence}`).toBe(said)
})
