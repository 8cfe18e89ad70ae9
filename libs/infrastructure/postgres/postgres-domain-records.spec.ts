import { afterAll, beforeAll, describe } from 'vitest'
import { domainRecordsContract } from '../../core/domains/application/domain-records.contract.ts'
import { locales, TestPostgres } from './test-postgres.fixture.ts'

describe.each(locales)('over a server $server', ({ locale }) => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await TestPostgres.start(locale)
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  domainRecordsContract('Postgres', () =>
    Promise.resolve({
      records: postgres.domains,
      transaction: (work) => postgres.transaction(work),
      addUser: (domain) => postgres.addUser(domain),
      domainOfUser: async (id) => (await postgres.users.find({ everything: true }, id))?.user.domain,
    }),
  )
})
