import { afterAll, beforeAll, describe } from 'vitest'
import { callerIdTableContract } from '../../core/caller-id/application/caller-id-table.contract.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'
import { locales, TestPostgres } from './test-postgres.fixture.ts'

describe.each(locales)('over a server $server', ({ locale }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  callerIdTableContract('Postgres', () =>
    Promise.resolve({
      table: new PostgresCallerIdTable(postgres.database),
      insert: async (name, value) => {
        await postgres.database.rows('INSERT INTO htable (key_name, key_value) VALUES ($1, $2)', name, value)
      },
    }),
  )
})
