import { expect, vi } from 'vitest'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'

export interface DifferenceShape {
  readonly about: 'user' | 'domain'
  readonly id: string
  readonly name: string
  readonly domain?: string
  readonly missing_in: readonly string[]
  readonly fields: readonly { readonly field: string; readonly values: Readonly<Record<string, unknown>> }[]
  readonly remedy: string
  readonly outcome: string
  readonly reason?: string
}

export interface Reconciled {
  readonly id: string
  readonly state: string
  readonly counts: Readonly<Record<string, number>>
  readonly differences: readonly DifferenceShape[]
}

export interface Wish {
  readonly scope?: string
  readonly apply?: boolean
  readonly adopt?: boolean
  readonly delete?: boolean
  readonly force?: boolean
}

export const patience = { timeout: 20_000, interval: 30 }

export function start(kitter: TestKitter, wish: Wish = {}): Promise<Answer> {
  return kitter.call('POST', '/reconciliations', { body: { scope: 'all', ...wish } })
}

/** Starts one, and waits for its end. */
export async function reconcile(kitter: TestKitter, wish: Wish = {}): Promise<Reconciled> {
  const started = await start(kitter, wish)
  expect(started, started.text).toMatchObject({ status: 202 })
  return ended(kitter, started.body.reconciliation.id)
}

export async function ended(kitter: TestKitter, id: string): Promise<Reconciled> {
  // `expect.poll` would have to know in which of several tests that run beside each other it is
  await vi.waitUntil(async () => (await stateOf(kitter, id)) !== 'running', patience)
  const { reconciliation } = (await kitter.call('GET', `/reconciliations/${id}`)).body
  const listed = await kitter.call('GET', `/reconciliations/${id}/differences?paginate[max]=1000`)
  return { id, state: reconciliation.state, counts: reconciliation.counts, differences: listed.body.differences }
}

export async function stateOf(kitter: TestKitter, id: string): Promise<string> {
  return (await kitter.call('GET', `/reconciliations/${id}`)).body.reconciliation.state
}
