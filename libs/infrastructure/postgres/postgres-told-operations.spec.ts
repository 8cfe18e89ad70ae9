import { afterAll, beforeAll } from 'vitest'
import { toldOperationsContract } from '../../core/provisioning/application/told-operations.contract.ts'
import { AuditRetention } from './audit-retention.ts'
import { PostgresAuditTrail } from './postgres-audit-trail.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

toldOperationsContract('Postgres', () =>
  Promise.resolve({
    operations: postgres.operations(),
    trail: new PostgresAuditTrail(postgres.database, new AuditRetention()),
    expireLease: async (id) => {
      await postgres.database.rows('UPDATE kitter.operations SET lease_until = now() WHERE id = $1', id)
    },
    withoutTrail: async (work) => {
      await postgres.database.rows('ALTER TABLE audit.entries ADD CONSTRAINT full_disk CHECK (false) NOT VALID')
      await work()
      await postgres.database.rows('ALTER TABLE audit.entries DROP CONSTRAINT full_disk')
    },
  }),
)
