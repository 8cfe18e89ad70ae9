import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { TestKitter } from '../../support/test-kitter.ts'

const policy = { dryRun: false, onExisting: 'skip', createDomains: false }
const counts = { created: 0, updated: 0, skipped: 0, refused: 1, unsettled: 0, domains: 0 }

/** An import that was paused, with one row, as an admin of the domain has started it. */
export async function createImport({ databaseUrl }: TestKitter, subject: string, domain: string): Promise<string> {
  const id = randomUUID()
  const startedBy = { subject, name: 'somebody', role: 'kitter-domain-admin', domain }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `INSERT INTO kitter.imports (id, format, policy, columns, started_by, state, counts, ended_at, lease_until)
      VALUES ($1, 'csv', $2, '["username", "domain"]', $3, 'paused', $4, now(), now())`,
      [id, policy, startedBy, counts],
    )
    await client.query(
      `INSERT INTO kitter.import_rows (import, row, line, start, outcome, code, sentence, username)
      VALUES ($1, 1, 2, 16, 'refused', 'user.name_taken', 'There is a user with this username already.', 'somebody')`,
      [id],
    )
    return id
  } finally {
    await client.end()
  }
}
