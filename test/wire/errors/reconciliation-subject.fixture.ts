import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { vi } from 'vitest'
import type { TestKitter } from '../../support/test-kitter.ts'

const counts = { accounts: 1, communicationsUsers: 1, suspects: 1, checked: 1, busy: 0 }
const policy = { apply: false, adopt: false, remove: false }
const difference = {
  ...{ about: 'user', id: randomUUID(), name: 'nobody', domain: 'quobis', missingIn: ['wac-core'], fields: [] },
  ...{ remedy: 'restore', outcome: 'found' },
}

/** One with a difference. Where it is running, nobody works on it. Any other that was running has ended by then. */
export async function createReconciliation(
  { databaseUrl }: TestKitter,
  state: 'running' | 'done' = 'done',
): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await endOthers(client)
    return await insert(client, state)
  } finally {
    await client.end()
  }
}

async function endOthers(client: pg.Client): Promise<void> {
  await client.query(
    `UPDATE kitter.reconciliations SET state = 'cancelled', ended_at = now()
    WHERE state = 'running' AND lease_until > now() + interval '1 hour'`,
  )
  const running = "SELECT FROM kitter.reconciliations WHERE state = 'running'"
  await vi.waitUntil(async () => (await client.query(running)).rows.length === 0, { timeout: 20_000, interval: 20 })
}

async function insert(client: pg.Client, state: 'running' | 'done'): Promise<string> {
  const id = randomUUID()
  const startedBy = { subject: randomUUID(), name: 'somebody', role: 'kitter-admin' }
  await client.query(
    `INSERT INTO kitter.reconciliations (id, policy, started_by, state, phase, counts, ended_at, lease_until)
    VALUES ($1, $2, $3, $4::text, 'users', $5, CASE WHEN $4 = 'done' THEN now() END, now() + interval '1 day')`,
    [id, policy, startedBy, state, counts],
  )
  await client.query(
    `INSERT INTO kitter.reconciliation_differences (reconciliation, about, subject, outcome, difference)
    VALUES ($1, 'user', $2, 'found', $3)`,
    [id, difference.id, difference],
  )
  return id
}
