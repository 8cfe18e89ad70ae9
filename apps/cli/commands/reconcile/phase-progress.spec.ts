import { describe, expect, it } from 'vitest'
import { PhaseProgress } from './phase-progress.ts'
import type { Reconciliation } from './reconciliation.ts'

let now = 0

const progress = (): PhaseProgress => new PhaseProgress(() => now)

function at(seconds: number, phase: string, numbers: Partial<Reconciliation['counts']> = {}, mended = 0) {
  now = seconds
  const counts = { accounts: 0, communications_users: 0, suspects: 0, checked: 0, busy: 0, ...numbers }
  const differences = { found: 0, mended, left: 0, refused: 0, unsettled: 0 }
  const began = { started_by: { name: 'olga' }, started_at: '2026-10-12T10:00:00Z' }
  return { id: 'one', state: 'running', phase, counts, differences, ...began } satisfies Reconciliation
}

describe('PhaseProgress', () => {
  it('counts what is read, and how fast', () => {
    const phases = progress()
    expect(phases.of(at(0, 'domains'))).toEqual({ text: 'Comparing domains' })
    expect(phases.of(at(1, 'accounts', { accounts: 0 }))).toEqual({ text: 'Reading Keycloak: 0 accounts' })
    expect(phases.of(at(3, 'accounts', { accounts: 5000 }))).toEqual({
      text: 'Reading Keycloak: 5000 accounts, 2500/s',
    })
    expect(phases.of(at(4, 'communications_users', { communications_users: 1000 }))).toEqual({
      text: 'Reading wac-core: 1000 users',
    })
    expect(phases.of(at(8, 'communications_users', { communications_users: 1002 }))).toEqual({
      text: 'Reading wac-core: 1002 users, 0.5/s',
    })
    expect(phases.of(at(9, 'comparison', { accounts: 1, communications_users: 1002 }))).toEqual({
      text: 'Comparing 1 account and 1002 users of wac-core',
    })
  })

  it('tells how many users are done of how many', () => {
    const phases = progress()
    phases.of(at(0, 'users', { suspects: 40 }))
    expect(phases.of(at(10, 'users', { suspects: 40, checked: 20 }, 15))).toEqual({
      text: 'Looking again at 20 of 40 users that differ, 2.0/s, 15 mended',
      done: 20,
      total: 40,
    })
  })

  it('knows the speed of the last seconds only', () => {
    const phases = progress()
    phases.of(at(0, 'accounts'))
    for (let second = 1; second <= 60; second++) phases.of(at(second, 'accounts', { accounts: 1000 }))
    expect(phases.of(at(61, 'accounts', { accounts: 1000 })).text).toBe('Reading Keycloak: 1000 accounts')
    expect(phases.of(at(65, 'accounts', { accounts: 2000 })).text).toBe('Reading Keycloak: 2000 accounts, 100/s')
  })

  it('names a phase that it does not know', () => {
    expect(progress().of(at(0, 'dancing\u001b[2J'))).toEqual({ text: 'dancing [2J' })
  })
})
