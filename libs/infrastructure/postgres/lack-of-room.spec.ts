import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

function refusedWith(sqlState: string): string {
  return `DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '${sqlState}'; END $$`
}

it.each([
  ['53100', 'a full disk'],
  ['53200', 'no memory'],
  ['53400', 'a limit that is reached'],
])('a server that says %s, %s, has done nothing, and may later', async (sqlState) => {
  const { database } = postgres
  const full = { code: 'service.unavailable', message: "kitter's database has no room left. Nothing was changed." }
  await expect(database.rows(refusedWith(sqlState))).rejects.toMatchObject(full)
  await expect(database.transaction((queries) => queries.rows(refusedWith(sqlState)))).rejects.toMatchObject(full)
  await database.ping()
})

it('is not what the server says of a statement', async () => {
  const refused = { name: 'StatementError', sqlState: '23514' }
  await expect(postgres.database.rows(refusedWith('23514'))).rejects.toMatchObject(refused)
})
