import { expect, it } from 'vitest'
import { drifts } from './drifts.fixture.ts'
import { everyStepTimeout } from './every-step.fixture.ts'
import { drops, type Fault, kills, lates, outages, refusals } from './fault.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { isLong, lateSeconds, leaseSeconds, timing } from './length.fixture.ts'
import { mendingBatches, type MendingTrial, mendingTrials, tryMending } from './mending-trial.fixture.ts'
import { reconciled, unmended } from './reconciled.fixture.ts'
import { domain, otherDomain } from './scenarios.fixture.ts'
import { tell } from './tell.fixture.ts'
import type { Figures } from './trial.fixture.ts'

const faults: readonly Fault[] = [...kills, ...outages, ...drops, ...lates([lateSeconds]), ...refusals]
const hurried = {
  ...timing,
  recovery: { ...timing.recovery, lateSeconds: 5 },
  reconciliationLeaseSeconds: leaseSeconds,
  reconciliation: { renewSeconds: 0.5, restSeconds: 0.25 },
}

/** A few of each kind, such that they fit into few reconciliations. */
const short: readonly (readonly [drift: string, point: string, fault: string])[] = [
  ['user: changed in Keycloak', 'update user', 'the process is killed after'],
  ['user: removed in Keycloak', 'create account', 'the process is killed before'],
  ['user: removed at wac-core', 'create user', 'the process is killed after'],
  ['user: made in Keycloak', 'commit', 'the process is killed before'],
  ['user: changed in Keycloak', 'commit', 'it happens 2 s after it was given up'],
  [
    'user: given another domain in Keycloak, and another phone number at wac-core',
    'update account',
    'it happens 2 s after it was given up',
  ],
  ['user: removed in both', 'create account', 'a refusal for good'],
  ['user: removed in both', 'create user', 'the answer is dropped'],
  ["user: kitter's row lost", 'commit', 'a refusal for now'],
  ['user: made in Keycloak', 'create user', 'a refusal for good'],
  ['user: made in Keycloak', 'update account', 'the answer is dropped'],
  ['domain: removed at wac-core', 'create domain', 'the answer is dropped'],
  ['domain: made at wac-core', 'commit', 'the answer is dropped'],
  ['user: removed in Keycloak, to be removed', 'delete user', 'the answer is dropped'],
  ['user: left at wac-core', 'delete user', 'it happens 2 s after it was given up'],
  ['domain: removed at wac-core, to be removed', 'commit', 'the answer is dropped'],
]

function isTried({ drift, point, fault }: MendingTrial): boolean {
  return isLong || short.some((each) => each.join() === [drift.name, point, fault.name].join())
}

it(
  'What a reconciliation tells of its mending is true, whatever happens amid it',
  { timeout: everyStepTimeout },
  async () => {
    const figures: Figures = { tried: 0, recoverySeconds: 0, problems: [] }
    await using lab = await Lab.open(1, { FAULTS_TIMING: JSON.stringify(hurried) })
    for (const name of [domain, otherDomain]) await lab.createDomain(name)
    const trials = (await mendingTrials(lab, drifts, faults)).filter(isTried)
    for (const batch of mendingBatches(trials)) await tryMending(lab, batch, figures)
    tell(figures)
    expect(figures.problems).toEqual([])
    expect(figures.tried).toBe(trials.length)
    if (!isLong) expect(figures.tried).toBe(short.length)
    const last = await reconciled(lab, { adopt: true, delete: true })
    expect([...unmended(last), ...last.differences]).toEqual([])
  },
)
