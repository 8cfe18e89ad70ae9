import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import { migrations, openDatabase } from '#infrastructure/postgres'
import { emptyDatabase } from '../../../infrastructure/postgres/test-postgres.fixture.ts'
import { kazooMigrations } from '../migrations/index.ts'
import { PostgresSignInPlaces } from './postgres-sign-in-places.ts'

const resources = new AsyncDisposableStack()
let places: PostgresSignInPlaces
beforeAll(async () => {
  const url = await emptyDatabase(resources)
  const database = await openDatabase({ url, schema: 'kitter', migrations: [...migrations, ...kazooMigrations] })
  resources.defer(() => database.close())
  places = new PostgresSignInPlaces(database)
})
afterAll(() => resources.disposeAsync())

it('Whose domain is removed while they sign in, of them nothing is known, and nothing goes wrong', async () => {
  const gone = parseDomainName('gone.example')
  await places.know(gone, '192.0.2.1')
  expect(await places.isKnown(gone, '192.0.2.1')).toBe(false)
})
