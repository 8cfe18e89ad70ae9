import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { OperationsKept } from '#core/provisioning'
import { PostgresReconciliations } from '../postgres/postgres-reconciliations.ts'
import { ReconciliationLease } from '../postgres/reconciliation-lease.ts'
import { TestPostgres } from '../postgres/test-postgres.fixture.ts'
import { BackgroundJobs } from './background-jobs.ts'
import { ForgetReconciliationsJob } from './forget-reconciliations-job.ts'

const patience = { timeout: 15_000, interval: 20 }

it('reconciliations are forgotten when they have been kept for as long as operations, and not before', async () => {
  await using resources = new AsyncDisposableStack()
  const postgres = resources.use(await TestPostgres.start())
  const reconciliations = new PostgresReconciliations(postgres.database, new ReconciliationLease())
  const cancelled = async (secondsAgo: number): Promise<string> => {
    const startedBy = { subject: 'somebody', name: 'Some Body', role: 'kitter-admin' } as const
    const { id } = await reconciliations.add({
      id: randomUUID(),
      policy: { apply: false, adopt: false, remove: false, force: false },
      startedBy,
    })
    await reconciliations.cancel(id)
    const sql = 'UPDATE kitter.reconciliations SET ended_at = now() - make_interval(secs => $2) WHERE id = $1'
    await postgres.database.rows(sql, id, secondsAgo)
    return id
  }
  const [old, young] = [await cancelled(200), await cancelled(50)]
  const jobs = new BackgroundJobs(postgres.database)
  await new ForgetReconciliationsJob(jobs, reconciliations, new OperationsKept(100)).onApplicationBootstrap()
  resources.defer(() => jobs.stop())
  await expect.poll(() => reconciliations.find(old), patience).toBeUndefined()
  expect(await reconciliations.find(young)).toMatchObject({ state: 'cancelled' })
})
