import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '#infrastructure/postgres'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts'
import { allDialects, migrationsOf } from '../../../kitter/dialects.ts'
import { configuredSystems } from './configured-systems.ts'

let test: TestDatabase

beforeEach(async () => {
  test = await createTestDatabase()
})

afterEach(() => test.drop())

async function migrate(dialects: ReturnType<typeof allDialects>): Promise<void> {
  const migrations = migrationsOf(dialects)
  await (await openDatabase({ url: test.url, schema: 'kitter', migrations })).close()
}

/** What the doctor finds doubtful or wrong with kitter's database, where kitter speaks these dialects. */
async function problems(dialects: string): Promise<string[]> {
  const systems = configuredSystems({ DATABASE_URL: test.url, DIALECTS: dialects })
  const found: string[] = []
  for (const system of systems) {
    if (system.name !== 'Postgres') continue
    for await (const { state, sentence } of system.examine()) if (state !== 'right') found.push(sentence)
  }
  return found
}

it('A database with the tables of dialects is no other kitter’s, whether they are on or off', async () => {
  await migrate(allDialects())
  expect(await problems('kazoo')).toEqual([])
  expect(await problems('')).toEqual([])
})

it('Tables of a dialect are missing where it is on', async () => {
  await migrate([])
  expect(await problems('')).toEqual([])
  expect(await problems('kazoo')).toEqual([
    expect.stringMatching(/^Migrations are not applied yet: CreateKazooLists\d+, /),
  ])
})
