import { afterAll, beforeAll } from 'vitest'
import { domainMembersContract } from '../../core/sessions/application/domain-members.contract.ts'
import { PostgresDomainMembers } from './postgres-domain-members.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

domainMembersContract('Postgres', () =>
  Promise.resolve({
    members: new PostgresDomainMembers(postgres.database),
    addDomain: (name, parent) => postgres.addDomain(name, parent),
    addUser: (domain) => postgres.addUser(domain),
  }),
)
