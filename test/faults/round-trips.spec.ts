import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Transaction } from '#kernel'
import { exclusive } from '#core/provisioning'
import { AuditRetention } from '../../libs/infrastructure/postgres/audit-retention.ts'
import { JournalLease } from '../../libs/infrastructure/postgres/journal-lease.ts'
import { migrations } from '../../libs/infrastructure/postgres/migrations/index.ts'
import { openDatabase } from '../../libs/infrastructure/postgres/open-database.ts'
import { PostgresOperations } from '../../libs/infrastructure/postgres/postgres-operations.ts'
import { queriesOf } from '../../libs/infrastructure/postgres/postgres-transaction.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { StatementProxy } from './statement-proxy.fixture.ts'
import { Traps } from './trap.fixture.ts'

/** Catches nothing, and counts all. */
class Counter extends Traps {
  private count = 0

  override take(): undefined {
    this.count++
  }

  async during(work: Promise<unknown>): Promise<number> {
    this.count = 0
    await work
    return this.count
  }
}

it('What the journal is told costs few round trips to Postgres, with those of a transaction’s beginning and end', async () => {
  await using resources = new AsyncDisposableStack()
  const empty = resources.adopt(await createTestDatabase(), (it) => it.drop())
  const counter = new Counter()
  const proxy = resources.use(await StatementProxy.before(empty.url, counter))
  const database = await openDatabase({ url: proxy.url, schema: 'kitter', migrations })
  resources.defer(() => database.close())
  const operations = new PostgresOperations(database, new JournalLease(), new AuditRetention())

  const begin = (id: string, removesSubject = false): Promise<unknown> => {
    const actor = { subject: 'somebody', name: 'somebody', role: 'kitter-admin' } as const
    const claims = [exclusive(`a:${id}`), exclusive(`b:${id}`)]
    return operations.begin({ id, kind: 'test', subject: id, actor, claims, removesSubject })
  }
  const write = async (within: Transaction): Promise<void> => {
    await queriesOf(within).rows('SELECT 1')
  }
  const [made, refused, removed] = [randomUUID(), randomUUID(), randomUUID()]
  await begin(randomUUID())
  expect(await counter.during(begin(made))).toBe(4)
  expect(await counter.during(operations.note({ id: made, turn: 0 }, { state: {}, steps: [] }, {}))).toBe(1)
  expect(await counter.during(operations.finish({ id: made, turn: 0 }, [], write, { result: 1, change: {} }))).toBe(4)
  await begin(refused)
  expect(await counter.during(operations.abandon({ id: refused, turn: 0 }, [], 'no'))).toBe(1)
  await begin(removed, true)
  expect(await counter.during(operations.finish({ id: removed, turn: 0 }, [], write))).toBe(5)
})
