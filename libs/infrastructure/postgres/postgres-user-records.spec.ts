import { afterAll, beforeAll, describe } from 'vitest'
import { userRecordsContract } from '../../core/users/application/user-records.contract.ts'
import { locales, TestPostgres } from './test-postgres.fixture.ts'

describe.each(locales)('over a server $server', ({ locale }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  userRecordsContract('Postgres', () =>
    Promise.resolve({
      records: postgres.users,
      transaction: (work) => postgres.transaction(work),
      addDomain: (name, parent) => postgres.addDomain(name, parent),
    }),
  )
})
