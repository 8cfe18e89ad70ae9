import { randomUUID } from 'node:crypto'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'

export interface KeyedCall {
  readonly key?: string
  readonly body?: unknown
  readonly token?: string
}

/** A POST with an `Idempotency-Key`. */
export function post(kitter: TestKitter, path: string, { key, ...options }: KeyedCall): Promise<Answer> {
  return kitter.call('POST', path, { ...options, ...(key !== undefined && { headers: { 'idempotency-key': key } }) })
}

export function newKey(): string {
  return randomUUID()
}

/** What the answer says of itself: `true`, `false`, or nothing. */
export function isReplay({ headers }: Answer): string | null {
  return headers.get('idempotency-replayed')
}

/** What is said of the request itself, without the id that each has of its own. */
export function told({ status, body }: Answer): unknown {
  const { request_id: _, ...rest } = body
  return { status, body: rest }
}
