import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import { type Database, migrations, openDatabase } from '#infrastructure/postgres'
import { emptyDatabase } from '../../../infrastructure/postgres/test-postgres.fixture.ts'
import { ListLimits } from '../application/list-limits.ts'
import { Listing } from '../application/listing.ts'
import type { Told } from '../domain/answers/told.ts'
import { kazooMigrations } from '../migrations/index.ts'
import { addManyUsers } from './many-users.fixture.ts'
import { PostgresKazooUserList } from './postgres-kazoo-user-list.ts'

const domain = parseDomainName('acme.example')
const resources = new AsyncDisposableStack()
let database: Database
beforeAll(async () => {
  const url = await emptyDatabase(resources)
  database = await openDatabase({ url, schema: 'kitter', migrations: [...migrations, ...kazooMigrations] })
  resources.defer(() => database.close())
  await database.rows(
    `INSERT INTO kitter.domains
      (id, name, enable_anonymous, anonymous_capabilities, origins, remote_sip_register, services)
    VALUES ('acme', $1, false, '{}', '[]', false, '{}')`,
    domain,
  )
  await addManyUsers(database, domain, 2500)
  await database.rows('ALTER TABLE kitter.user_extensions RENAME TO away')
  await database.rows('CREATE SEQUENCE kitter.looks')
  await database.rows(`
    CREATE VIEW kitter.user_extensions AS SELECT * FROM kitter.away
    WHERE (SELECT nextval('kitter.looks') > 0 AND pg_sleep(0.1)::text = '')`)
})
afterAll(() => resources.disposeAsync())

function wholeList(limits: ListLimits): Promise<Told> {
  const listing = new Listing(new PostgresKazooUserList(database, limits), limits)
  return listing.list(domain, { paginate: 'false', filter_not_custom: 'x' })
}

describe('A whole list with filters', () => {
  it('has all users, and looks only once whether they are few', async () => {
    const { data } = await wholeList(new ListLimits())
    expect(new Set((data as readonly { readonly id: string }[]).map(({ id }) => id)).size).toBe(2500)
    const [counted] = await database.rows<{ readonly looks: number }>(
      'SELECT last_value::int AS looks FROM kitter.looks',
    )
    // twice for that, and once for each thousand: nine if it were for each
    expect(counted?.looks).toBeLessThan(7)
  })

  it('that takes too long is not read to its end', async () => {
    const problem = { message: 'The list takes more than 0.2 seconds: ask for pages', target: 0.2 }
    await expect(wholeList(new ListLimits({ wholeSeconds: 0.2 }))).rejects.toMatchObject({
      problems: { paginate: { maxTime: problem } },
    })
  })
})
