import { afterAll, beforeAll } from 'vitest'
import { digestHashingContract } from '../../core/users/application/digest-hashing.contract.ts'
import { signInDigestRecordsContract } from '../../core/users/application/sign-in-digest-records.contract.ts'
import { userExtensionsContract } from '../../core/users/application/user-extensions.contract.ts'
import { PostgresDigestHashing } from './postgres-digest-hashing.ts'
import { PostgresSignInDigestRecords } from './postgres-sign-in-digest-records.ts'
import { PostgresUserExtensions } from './postgres-user-extensions.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

const resources = new AsyncDisposableStack()
let postgres: TestPostgres
beforeAll(async () => {
  postgres = resources.use(await TestPostgres.start())
})
afterAll(() => resources.disposeAsync())

const bench = () => ({
  records: postgres.users,
  transaction: <Result>(work: Parameters<typeof postgres.transaction<Result>>[0]) => postgres.transaction(work),
  addDomain: (name: Parameters<typeof postgres.addDomain>[0]) => postgres.addDomain(name),
})

userExtensionsContract('Postgres', () =>
  Promise.resolve({ ...bench(), extensions: new PostgresUserExtensions(postgres.database) }),
)
signInDigestRecordsContract('Postgres', () =>
  Promise.resolve({ ...bench(), digests: new PostgresSignInDigestRecords(postgres.database) }),
)
digestHashingContract('Postgres', () =>
  Promise.resolve({
    installation: async () => {
      const { database } = resources.use(await TestPostgres.start())
      return { one: new PostgresDigestHashing(database), replica: new PostgresDigestHashing(database) }
    },
  }),
)
