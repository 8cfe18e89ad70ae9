import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestPostgres } from './test-postgres.fixture.ts'
import { withinTime } from './within-time.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

it('questions that take too long together are cancelled, though each alone is soon answered', async () => {
  const asking = postgres.database.transaction(async (queries) => {
    const limited = withinTime(queries, 2000)
    for (let left = 5; left > 0; left--) await limited.rows('SELECT pg_sleep(0.5)')
  })
  await expect(asking).rejects.toMatchObject({ details: { cause: { sqlState: '57014' } } })
})

it('a question that comes when the time is over is not asked without a limit', async () => {
  const asking = postgres.database.transaction((queries) => withinTime(queries, -1).rows('SELECT pg_sleep(2)'))
  await expect(asking).rejects.toMatchObject({ details: { cause: { sqlState: '57014' } } })
})
