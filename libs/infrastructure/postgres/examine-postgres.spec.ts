import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Finding } from '#core/health'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { examinePostgres } from './examine-postgres.ts'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'
import { emptyDatabase, run } from './test-postgres.fixture.ts'

let test: TestDatabase

beforeEach(async () => {
  test = await createTestDatabase()
})

afterEach(() => test.drop())

async function examine(url = test.url, all = { expected: migrations, known: migrations }): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of examinePostgres(url, all)) findings.push(finding)
  return findings
}

async function problems(...asked: Parameters<typeof examine>): Promise<string[]> {
  const findings = await examine(...asked)
  return findings
    .filter(({ state }) => state !== 'right')
    .map(({ state, sentence, mend }) => `${state}: ${sentence} > ${mend ?? ''}`)
}

async function migrate(): Promise<void> {
  await (await openDatabase({ url: test.url, schema: 'kitter', migrations })).close()
}

it('finds nothing wrong with a database that kitter has migrated', async () => {
  await migrate()
  const findings = await examine()
  expect(findings.map(({ state }) => state)).toEqual(['right', 'right', 'right'])
  expect(findings[0]?.sentence).toMatch(/it is Postgres \d+/)
})

it('tells migrations that are missing, and those of another kitter', async () => {
  const names = migrations.map(({ name }) => name)
  expect(await problems()).toEqual([
    `doubtful: Migrations are not applied yet: ${names.join(', ')} > start kitter: it applies them`,
  ])
  await migrate()
  await run(test.url, 'DELETE FROM kitter.migrations WHERE name = $1', names.at(-1))
  expect(await problems()).toEqual([
    `doubtful: Migrations are not applied yet: ${names.at(-1) ?? ''} > start kitter: it applies them`,
  ])
  await run(test.url, "INSERT INTO kitter.migrations (timestamp, name) VALUES (1, 'FromTheFuture1')")
  expect(await problems()).toEqual([expect.stringContaining('another kitter, which knows FromTheFuture1')])
})

it('knows migrations that are not expected, and misses those that are', async () => {
  await migrate()
  const [last] = migrations.slice(-1)
  const fewer = migrations.slice(0, -1)
  expect(await problems(test.url, { expected: fewer, known: migrations })).toEqual([])
  await run(test.url, 'DELETE FROM kitter.migrations WHERE name = $1', last?.name)
  expect(await problems(test.url, { expected: fewer, known: migrations })).toEqual([])
  expect(await problems(test.url, { expected: migrations, known: migrations })).toEqual([
    expect.stringContaining(`not applied yet: ${last?.name ?? ''} `),
  ])
})

it('tells rights that are missing', async () => {
  await migrate()
  const account = `doctor_${randomUUID().replaceAll('-', '')}`
  await run(test.url, `CREATE ROLE ${account} LOGIN PASSWORD 'secret'`)
  await run(test.url, `GRANT USAGE ON SCHEMA kitter TO ${account}`)
  await run(test.url, `GRANT SELECT ON kitter.migrations TO ${account}`)
  const url = new URL(test.url)
  url.username = account
  url.password = 'secret'
  const found = await problems(url.href)
  expect(found).toEqual([
    `doubtful: ${account} may not create tables in the schema kitter, which migrations need > GRANT CREATE ON SCHEMA kitter TO ${account}`,
    expect.stringMatching(`^wrong: ${account} may not read and write .*users.* > GRANT SELECT, INSERT, UPDATE, DELETE`),
  ])
  await run(test.url, `DROP OWNED BY ${account}`)
  await run(test.url, `DROP ROLE ${account}`)
})

it('tells extensions that the account may not create, until somebody has', async () => {
  const account = `doctor_${randomUUID().replaceAll('-', '')}`
  await run(test.url, `CREATE ROLE ${account} LOGIN PASSWORD 'secret'`)
  const url = new URL(test.url)
  url.username = account
  url.password = 'secret'
  const missing = async (): Promise<string[]> =>
    (await problems(url.href)).filter((problem) => problem.includes('extension'))
  const told = (name: string): string =>
    `wrong: ${account} may not create the extension ${name}, which migrations need > have an administrator run CREATE EXTENSION ${name} in kitter's database`
  expect(await missing()).toEqual([told('pg_trgm'), told('unaccent')])
  for (const name of ['pg_trgm', 'unaccent']) await run(test.url, `CREATE EXTENSION ${name}`)
  expect(await missing()).toEqual([])
  await run(test.url, `DROP OWNED BY ${account} CASCADE`)
  await run(test.url, `DROP ROLE ${account}`)
})

it('tells a database that cannot keep every text', async () => {
  await using resources = new AsyncDisposableStack()
  const url = await emptyDatabase(resources, "ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
  expect(await problems(url)).toContain(
    "wrong: kitter's database is LATIN1, and can't keep every name > move it to a database made with ENCODING 'UTF8'",
  )
})

it('tells a database that is not there, without its password', async () => {
  const url = new URL(test.url)
  url.pathname = '/nowhere'
  expect(await problems(url.href)).toEqual([
    `wrong: kitter's database can't be used: database "nowhere" does not exist > see that it runs and lets kitter in, and compare DATABASE_URL`,
  ])
  const [closed] = await problems('postgres://kitter:hidden@127.0.0.1:2/kitter')
  expect(closed).toMatch(/can't be used: connect ECONNREFUSED 127\.0\.0\.1:2/)
  expect(closed).not.toContain('hidden')
})
