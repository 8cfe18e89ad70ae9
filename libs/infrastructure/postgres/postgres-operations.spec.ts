import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exclusive } from '#core/provisioning'
import { type JournalEntry, operationsContract } from '../../core/provisioning/application/operations.contract.ts'
import { PostgresOperations } from './postgres-operations.ts'
import { queriesOf } from './postgres-transaction.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

type JournalRow = Omit<JournalEntry, 'reason'> & { readonly reason: string | null }

async function journal(id: string): Promise<JournalEntry | undefined> {
  const sql = 'SELECT state, reason, kind, subject, actor FROM kitter.operations WHERE id = $1'
  const [row] = await postgres.database.rows<JournalRow>(sql, id)
  return row && { ...row, reason: row.reason ?? undefined }
}

operationsContract('Postgres', () =>
  Promise.resolve({
    operations: new PostgresOperations(postgres.database),
    journal,
    expireLease: async (id) => {
      await postgres.database.rows('UPDATE kitter.operations SET lease_until = now() WHERE id = $1', id)
    },
    write: async (mark, within) => {
      await queriesOf(within).rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", mark)
    },
    isWritten: async (mark) =>
      (await postgres.database.rows('SELECT FROM kitter.settings WHERE name = $1', mark)).length > 0,
  }),
)

describe('Postgres, besides', () => {
  it('gives an operation a lease of a minute, by its own clock', async () => {
    const operation = { id: randomUUID(), kind: 'test', subject: 'subject', actor: 'actor', claims: [] }
    await new PostgresOperations(postgres.database).begin(operation)
    const [lease] = await postgres.database.rows<{ seconds: number }>(
      'SELECT extract(epoch FROM lease_until - started_at)::int AS seconds FROM kitter.operations WHERE id = $1',
      operation.id,
    )
    expect(lease).toEqual({ seconds: 60 })
  })

  it('writes the records and the outcome in one transaction', async () => {
    const operations = new PostgresOperations(postgres.database)
    const operation = { id: randomUUID(), kind: 'test', subject: 'subject', actor: 'actor', claims: [] }
    await operations.begin(operation)
    await operations.finish(operation.id, async (within) => {
      await queriesOf(within).rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
    })
    const sql = `
      SELECT settings.xmin = operations.xmin AS together FROM kitter.settings, kitter.operations
      WHERE settings.name = $1 AND operations.id::text = $1`
    expect(await postgres.database.rows(sql, operation.id)).toEqual([{ together: true }])
  })

  it('leaves everything as it was when the database refuses what is written', async () => {
    const operations = new PostgresOperations(postgres.database)
    const claims = [exclusive(randomUUID())]
    const operation = { id: randomUUID(), kind: 'test', subject: 'subject', actor: 'actor', claims }
    await operations.begin(operation)
    const finishing = operations.finish(operation.id, async (within) => {
      const queries = queriesOf(within)
      await queries.rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
      await queries.rows("INSERT INTO kitter.settings (name, value) VALUES ($1, '')", operation.id)
    })
    await expect(finishing).rejects.toMatchObject({ name: 'StatementError', sqlState: '23505' })
    expect(await journal(operation.id)).toMatchObject({ state: 'open' })
    expect(await operations.begin({ ...operation, id: randomUUID() })).toEqual(claims)
    expect(await postgres.database.rows('SELECT FROM kitter.settings WHERE name = $1', operation.id)).toEqual([])
  })
})
