import type { Point } from './scenarios.fixture.ts'
import { type Moment, Trap, type Verdict } from './trap.fixture.ts'

/** What happens to an operation at one point. */
export interface Fault {
  readonly name: string
  /** What becomes of all that is held, once all is. */
  readonly happening?: 'kill' | 'postgres goes'
  /** Which kinds of points it can happen at; at all of them without it. */
  readonly systems?: readonly Point['system'][]
  trap(point: Point): Trap
}

function held(moment: Moment): Fault['trap'] {
  return ({ bait }) => new Trap(bait, moment)
}

function at(moment: Moment, verdict: Verdict): Fault['trap'] {
  return ({ bait }) => new Trap(bait, moment, verdict)
}

export const kills: readonly Fault[] = [
  { name: 'the process is killed before', happening: 'kill', trap: held('before') },
  { name: 'the process is killed after', happening: 'kill', trap: held('after') },
]

export const outages: readonly Fault[] = [
  { name: 'Postgres goes before', happening: 'postgres goes', trap: held('before') },
  { name: 'Postgres goes after', happening: 'postgres goes', trap: held('after') },
]

export const drops: readonly Fault[] = [
  { name: 'the connection breaks before', trap: at('before', 'drop') },
  { name: 'the answer is dropped', trap: at('after', 'drop') },
]

export function lates(seconds: readonly number[]): readonly Fault[] {
  return seconds.map((late) => ({
    name: `it happens ${late} s after it was given up`,
    trap: at('before', { lateMs: late * 1000 }),
  }))
}

export const refusals: readonly Fault[] = [
  { name: 'a refusal for good', systems: ['wac-core'], trap: at('instead', { status: 422 }) },
  { name: 'a refusal that may be no refusal', systems: ['wac-core'], trap: at('instead', { status: 503 }) },
  { name: 'a refusal for now', systems: ['wac-core'], trap: at('instead', { status: 429 }) },
  { name: 'a failure, and it was not done', systems: ['wac-core'], trap: at('instead', { status: 500 }) },
  { name: 'a failure, though it was done', systems: ['wac-core'], trap: at('after', { status: 500 }) },
  {
    name: 'a refusal for good',
    systems: ['Keycloak'],
    trap: at('instead', { sqlState: '23505', constraint: 'accounts_login_key' }),
  },
  { name: 'a refusal for now', systems: ['Keycloak', 'journal'], trap: at('instead', { sqlState: '57P03' }) },
]
