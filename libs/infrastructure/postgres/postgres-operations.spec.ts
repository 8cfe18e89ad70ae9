import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '#kernel'
import { type Claim, exclusive, type OperationEntry, takes, type Turn } from '#core/provisioning'
import { type JournalEntry, operationsContract } from '../../core/provisioning/application/operations.contract.ts'
import { AuditRetention } from './audit-retention.ts'
import { JournalLease } from './journal-lease.ts'
import { PostgresOperations } from './postgres-operations.ts'
import { queriesOf } from './postgres-transaction.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

type JournalRow = Omit<JournalEntry, 'reason' | 'payload'> & {
  readonly reason: string | null
  readonly payload: JournalEntry['payload'] | null
}

async function journal(id: string): Promise<JournalEntry | undefined> {
  const sql = `
    SELECT state, reason, kind, subject, actor, actor_name AS "actorName", payload, learned, steps
    FROM kitter.operations WHERE id = $1`
  const [row] = await postgres.database.rows<JournalRow>(sql, id)
  return row && { ...row, reason: row.reason ?? undefined, payload: row.payload ?? undefined }
}

async function leaseSeconds(id: string): Promise<number> {
  const sql = 'SELECT extract(epoch FROM lease_until - now())::float8 AS seconds FROM kitter.operations WHERE id = $1'
  const [lease] = await postgres.database.rows<{ readonly seconds: number }>(sql, id)
  return lease?.seconds ?? 0
}

const operationsOf = (lease = new JournalLease()): PostgresOperations =>
  new PostgresOperations(postgres.database, lease, new AuditRetention())

function entry(...claims: readonly Claim[]): OperationEntry {
  const actor = { subject: 'actor', name: 'Actor', role: 'kitter-admin' } as const
  return { id: randomUUID(), kind: 'test', subject: 'subject', actor, claims }
}

operationsContract('Postgres', () =>
  Promise.resolve({
    operations: operationsOf(),
    journal,
    leaseSeconds,
    expireLease: async (id) => {
      await postgres.database.rows('UPDATE kitter.operations SET lease_until = now() WHERE id = $1', id)
    },
    ageEffect: async (id, seconds) => {
      const sql = 'UPDATE kitter.operations SET effect_at = now() - make_interval(secs => $2) WHERE id = $1'
      await postgres.database.rows(sql, id, seconds)
    },
    write: async (mark, within) => {
      await queriesOf(within).rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", mark)
    },
    isWritten: async (mark) =>
      (await postgres.database.rows('SELECT FROM kitter.settings WHERE name = $1', mark)).length > 0,
  }),
)

/** Somebody whose transaction has these locks, and goes no further. */
async function frozen(resources: AsyncDisposableStack, ...statements: readonly string[]): Promise<void> {
  const client = resources.adopt(new pg.Client({ connectionString: postgres.url }), (it) => it.end())
  await client.connect()
  await client.query('BEGIN')
  for (const statement of statements) await client.query(statement)
}

async function timed(work: Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work
  return (performance.now() - since) / 1000
}

describe('Postgres, while a replica is frozen amid a transaction', () => {
  it('says in time that the claims are held that it was taking, and nothing of the others', async () => {
    await using resources = new AsyncDisposableStack()
    const [key, name] = [randomUUID(), randomUUID()]
    const taken = new DomainError('conflict', 'test.taken', 'Taken.')
    await frozen(resources, `SELECT pg_advisory_xact_lock(hashtextextended('${key}', 7100301))`)
    const operations = operationsOf()
    const begun = operations.begin(entry(exclusive(key), takes(name, taken)))
    expect(await timed(operations.begin(entry(exclusive(randomUUID()))))).toBeLessThan(2)
    expect(await timed(begun)).toBeLessThan(8)
    expect(await begun).toEqual([exclusive(key), exclusive(name)])
    await resources.disposeAsync()
    expect(await operations.begin(entry(exclusive(key), takes(name, taken)))).toEqual([])
  })

  it('makes nobody wait for long who needs a row that it has locked', async () => {
    await using resources = new AsyncDisposableStack()
    const operations = operationsOf()
    const words: ((turn: Turn) => Promise<unknown>)[] = [
      (turn) => operations.note(turn, { state: {}, steps: [] }),
      (turn) => operations.finish(turn, [], () => Promise.resolve()),
      ({ id }) => operations.isFinished(id),
    ]
    const begun = words.map((say) => ({ say, operation: entry() }))
    for (const { operation } of begun) await operations.begin(operation)
    const ids = begun.map(({ operation: { id } }) => `'${id}'`).join()
    await frozen(resources, `SELECT FROM kitter.operations WHERE id IN (${ids}) FOR UPDATE`)
    const said = begun.map(({ say, operation: { id } }) => say({ id, turn: 0 }))
    const waited = await timed(Promise.allSettled(said))
    for (const word of said) await expect(word).rejects.toMatchObject({ code: 'service.unavailable' })
    expect(waited).toBeLessThan(8)
    for (const { operation } of begun) expect(await journal(operation.id)).toMatchObject({ state: 'open' })
  })
})

describe('Postgres, besides', () => {
  it.each([
    [undefined, 60],
    [7, 7],
    [0.5, 0.5],
  ])('gives an operation the lease that it is told, by its own clock: %s is %s s', async (seconds, given) => {
    const operation = entry()
    await operationsOf(new JournalLease(seconds)).begin(operation)
    const [lease] = await postgres.database.rows<{ readonly seconds: number }>(
      'SELECT extract(epoch FROM lease_until - started_at)::float8 AS seconds FROM kitter.operations WHERE id = $1',
      operation.id,
    )
    expect(lease).toEqual({ seconds: given })
  })

  it('writes the records and the outcome in one transaction', async () => {
    const operations = operationsOf()
    const operation = entry()
    await operations.begin(operation)
    await operations.finish({ id: operation.id, turn: 0 }, [], async (within) => {
      await queriesOf(within).rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
    })
    const sql = `
      SELECT settings.xmin = operations.xmin AS together FROM kitter.settings, kitter.operations
      WHERE settings.name = $1 AND operations.id::text = $1`
    expect(await postgres.database.rows(sql, operation.id)).toEqual([{ together: true }])
  })

  it('leaves everything as it was when the database refuses what is written', async () => {
    const operations = operationsOf()
    const claims = [exclusive(randomUUID())]
    const operation = entry(...claims)
    await operations.begin(operation)
    const finishing = operations.finish({ id: operation.id, turn: 0 }, [], async (within) => {
      const queries = queriesOf(within)
      await queries.rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
      await queries.rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
    })
    await expect(finishing).rejects.toMatchObject({ name: 'StatementError', sqlState: '23505' })
    expect(await journal(operation.id)).toMatchObject({ state: 'open' })
    expect(await operations.begin({ ...operation, id: randomUUID() })).toEqual(claims)
    expect(await postgres.database.rows('SELECT FROM kitter.settings WHERE name = $1', operation.id)).toEqual([])
  })

  it('finds what is to be settled by an index, however many operations have ended', async () => {
    await postgres.database.rows(`
      INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until, ended_at)
      SELECT gen_random_uuid(), 'test', 'old', 'actor', 'done', now() - interval '1 day', now()
      FROM generate_series(1, 20000)`)
    await postgres.database.rows('ANALYZE kitter.operations')
    const plan = await postgres.database.rows(`
      EXPLAIN SELECT id FROM kitter.operations WHERE state IN ('open', 'settling') AND lease_until <= now()
      ORDER BY lease_until LIMIT 10 FOR UPDATE SKIP LOCKED`)
    expect(JSON.stringify(plan)).toContain('operations_unsettled')
  })
})
