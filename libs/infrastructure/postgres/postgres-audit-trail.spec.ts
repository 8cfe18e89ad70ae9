import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditTrailContract } from '../../core/audit/application/audit-trail.contract.ts'
import { AuditRetention } from './audit-retention.ts'
import { PostgresAuditTrail } from './postgres-audit-trail.ts'
import { run, TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const trailOf = (seconds?: number): PostgresAuditTrail =>
  new PostgresAuditTrail(postgres.database, new AuditRetention(seconds))

async function added(subject = randomUUID(), keptSeconds?: number): Promise<string> {
  const actor = { subject: 'somebody', name: 'somebody' }
  await trailOf(keptSeconds).add({ actor, action: 'user.update', subject, outcome: 'done', after: { enabled: true } })
  return subject
}

auditTrailContract('Postgres', () =>
  Promise.resolve({
    trail: trailOf(),
    // as nobody else can: with the trigger away
    endTimeOf: async (subject) => {
      await postgres.database.transaction(async (queries) => {
        await queries.rows('ALTER TABLE audit.entries DISABLE TRIGGER append_only')
        await queries.rows('UPDATE audit.entries SET kept_until = now() WHERE subject = $1', subject)
        await queries.rows('ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER append_only')
      })
    },
  }),
)

describe('Postgres itself', () => {
  const tampering = [
    "UPDATE audit.entries SET outcome = 'refused'",
    "UPDATE audit.entries SET kept_until = now() - interval '1 day'",
    'UPDATE audit.entries SET actor = actor',
    'DELETE FROM audit.entries',
    'TRUNCATE audit.entries',
    'TRUNCATE audit.entries RESTART IDENTITY CASCADE',
    "INSERT INTO audit.entries (id, kept_until, actor, actor_name, action, outcome) OVERRIDING SYSTEM VALUE SELECT id, now(), 'x', 'x', 'x', 'done' FROM audit.entries ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    'MERGE INTO audit.entries USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE',
    'WITH gone AS (DELETE FROM audit.entries RETURNING id) SELECT count(*) FROM gone',
    "SET session_replication_role = 'replica'; DELETE FROM audit.entries",
    "SET session_replication_role = 'replica'; TRUNCATE audit.entries",
  ]

  it.each(tampering)('refuses, also to the owner of the table and to a superuser: %s', async (sql) => {
    await added()
    const look = (): Promise<unknown> => run(postgres.url, 'SELECT * FROM audit.entries ORDER BY id')
    const before = await look()
    const [session] = await run<{ readonly super: boolean; readonly owner: boolean }>(
      postgres.url,
      `SELECT rolsuper AS super, tableowner = current_user AS owner FROM pg_roles, pg_tables
      WHERE rolname = current_user AND schemaname = 'audit' AND tablename = 'entries'`,
    )
    expect(session).toEqual({ super: true, owner: true })
    await expect(run(postgres.url, sql)).rejects.toMatchObject({
      code: '42501',
      message: 'the audit trail is append-only',
    })
    expect(await look()).toEqual(before)
  })

  it('lets nobody but time decide when an entry may go', async () => {
    const [young, old] = [await added(), await added(randomUUID(), 0)]
    await expect(
      run(postgres.url, 'DELETE FROM audit.entries WHERE subject = ANY ($1)', [young, old]),
    ).rejects.toThrow()
    await trailOf(0).forgetSome()
    const left = await run(postgres.url, 'SELECT subject FROM audit.entries WHERE subject = ANY ($1)', [young, old])
    expect(left).toEqual([{ subject: young }])
  })

  it.each([
    [undefined, 400 * 86_400],
    [7, 7],
  ])('is promised how long an entry is kept: %s is %s s', async (seconds, kept) => {
    const subject = await added(randomUUID(), seconds)
    const sql = 'SELECT extract(epoch FROM kept_until - at)::float8 AS kept FROM audit.entries WHERE subject = $1'
    expect(await run(postgres.url, sql, subject)).toEqual([{ kept }])
  })

  it('answers from indexes, however long the trail is', async () => {
    await run(
      postgres.url,
      `INSERT INTO audit.entries (at, kept_until, actor, actor_name, action, subject, outcome)
      SELECT now() - n * interval '1 minute', now() + interval '1 day', 'a' || n % 500, 'n' || n % 500, 'user.update', 's' || n % 5000, 'done'
      FROM generate_series(1, 50000) AS n`,
    )
    await run(postgres.url, 'ANALYZE audit.entries')
    const plan = async (where: string, ...parameters: unknown[]): Promise<string> =>
      JSON.stringify(
        await run(
          postgres.url,
          `EXPLAIN SELECT * FROM audit.entries ${where} ORDER BY at DESC, id DESC LIMIT 100`,
          ...parameters,
        ),
      )
    expect(await plan('')).toContain('entries_order')
    expect(await plan("WHERE subject = 's7'")).toContain('entries_subject')
    expect(await plan("WHERE actor = 'a7' OR actor_name = 'a7'")).toMatch(/entries_actor.*entries_actor_name/)
    for (const where of ['', "WHERE subject = 's7'"]) expect(await plan(where)).not.toContain('Seq Scan')
  })
})
