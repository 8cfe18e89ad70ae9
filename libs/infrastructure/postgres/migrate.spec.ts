import type { MigrationInterface, QueryRunner } from 'typeorm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataSource } from './data-source.ts'
import { expandingNames } from './expanding-names.fixture.ts'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'
import { emptyDatabase, run } from './test-postgres.fixture.ts'

type Migrations = (new () => MigrationInterface)[]

const patience = { timeout: 10_000, interval: 10 }

let url: string
let resources: AsyncDisposableStack
beforeEach(async () => {
  resources = new AsyncDisposableStack()
  url = await emptyDatabase(resources)
})
afterEach(() => resources.disposeAsync())

async function up(list: Migrations = migrations, schema = 'kitter'): Promise<void> {
  await (await openDatabase({ url, schema, migrations: list })).close()
}

const nameOf = ({ name }: { readonly name: string }): string => name

async function down(): Promise<void> {
  const source = await dataSource({ url, schema: 'kitter', migrations }).initialize()
  try {
    for (let left = migrations.length; left > 0; left--) await source.undoLastMigration()
  } finally {
    await source.destroy()
  }
}

async function applied(schema = 'kitter'): Promise<string[]> {
  const rows = await run<{ name: string }>(url, `SELECT name FROM ${schema}.migrations ORDER BY id`)
  return rows.map(({ name }) => name)
}

/** Every column, index, constraint and function of a schema, as text. */
async function shapeOf(schema: string): Promise<string[]> {
  const sql = `
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = $1
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = $1
    UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = $1::regnamespace
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace
    ORDER BY line`
  return (await run<{ line: string }>(url, sql, schema)).map(({ line }) => line)
}

const tables = async (schema: string): Promise<string[]> =>
  (
    await run<{ name: string }>(url, 'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1', schema)
  ).map(({ name }) => name)

describe("kitter's migrations", () => {
  it('bring an empty database up to date', async () => {
    await up()
    expect(await tables('kitter')).toEqual([
      'domains',
      'idempotency_keys',
      'import_chunks',
      'import_names',
      'import_rows',
      'imports',
      'migrations',
      'operation_claims',
      'operations',
      'reconciliation_differences',
      'reconciliations',
      'secrets',
      'settings',
      'staged_accounts',
      'staged_communications_users',
      'suspects',
      'user_extensions',
      'user_sign_in_digests',
      'users',
    ])
    expect(await tables('public')).toEqual([])
    expect(await applied()).toEqual(migrations.map(({ name }) => name))
  })

  it('change nothing when they run again', async () => {
    await up()
    await run(url, "INSERT INTO kitter.settings (name, value) VALUES ('a', 'b')")
    const before = [await shapeOf('kitter'), await shapeOf('public'), await run(url, 'SELECT * FROM kitter.migrations')]
    await up()
    expect([
      await shapeOf('kitter'),
      await shapeOf('public'),
      await run(url, 'SELECT * FROM kitter.migrations'),
    ]).toEqual(before)
    expect(await run(url, 'SELECT * FROM kitter.settings')).toEqual([{ name: 'a', value: 'b' }])
  })

  it('run once when several replicas start at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => up()))
    expect(await applied()).toEqual(migrations.map(({ name }) => name))
  })

  it('can be taken back and run again', async () => {
    await up()
    const before = await shapeOf('kitter')
    expect(before.length).toBeGreaterThan(30)
    await down()
    expect(await tables('kitter')).toEqual(['migrations'])
    expect(await applied()).toEqual([])
    await up()
    expect(await shapeOf('kitter')).toEqual(before)
    expect(await applied()).toEqual(migrations.map(({ name }) => name))
  })

  it("leave a sip-proxy's htable as it is, with its rows, also when they are taken back", async () => {
    await run(url, 'CREATE TABLE public.htable (id serial, key_name varchar(99), key_value text, note text)')
    await run(url, "INSERT INTO htable (key_name, key_value, note) VALUES ('a', 'b', 'c'), ('a', 'd', NULL)")
    const look = async (): Promise<unknown> => [
      await shapeOf('public'),
      await run(url, 'SELECT * FROM htable ORDER BY id'),
    ]
    const before = await look()
    await up()
    expect(await look()).toEqual(before)
    await down()
    expect(await look()).toEqual(before)
    await up()
    expect(await look()).toEqual(before)
  })

  it('run over a database that an earlier kitter made, which kept its htable by a migration of its own', async () => {
    await up(migrations.slice(0, 2))
    await run(
      url,
      "INSERT INTO kitter.migrations (timestamp, name) VALUES (1790000000003, 'CreateHtable1790000000003')",
    )
    await up()
    expect((await applied()).filter((name) => !name.startsWith('CreateHtable'))).toEqual(migrations.map(nameOf))
  })
})

it('the migrations bring a database up to date whose users have names that folding makes much longer', async () => {
  const { firstName, lastName } = expandingNames()
  await up(
    migrations.slice(
      0,
      migrations.findIndex(({ name }) => name.startsWith('CreateUserSearch')),
    ),
  )
  await run(
    url,
    `INSERT INTO kitter.domains (id, name, enable_anonymous, anonymous_capabilities, origins, remote_sip_register, services)
    VALUES ('1', 'example.com', false, '[]', '[]', false, '[]')`,
  )
  await run(
    url,
    `INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, first_name, last_name, attributes, communications_id)
    VALUES (gen_random_uuid(), 'long', 'example.com', 'long', false, true, $1, $2, '{}', '1')`,
    firstName,
    lastName,
  )
  await up()
  const folded = await run(url, 'SELECT octet_length(searched) > 2704 AS "isLong" FROM kitter.users')
  expect(folded).toEqual([{ isLong: true }])
})

describe('the extensions that searching needs', () => {
  const schemas = `
    SELECT extname AS name, nspname AS schema FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
    WHERE extname IN ('pg_trgm', 'unaccent') ORDER BY 1`

  it("are kitter's own, and go with it", async () => {
    await up()
    expect(await run(url, schemas)).toEqual([
      { name: 'pg_trgm', schema: 'kitter' },
      { name: 'unaccent', schema: 'kitter' },
    ])
    await down()
    expect(await run(url, schemas)).toEqual([])
  })

  it('are those that somebody has created, wherever they are, and stay', async () => {
    await run(url, 'CREATE SCHEMA "Their Things"')
    await run(url, 'CREATE EXTENSION unaccent SCHEMA "Their Things"')
    await run(url, 'CREATE EXTENSION pg_trgm')
    await up()
    expect(await run(url, "SELECT kitter.folded('ŁÉ') AS folded")).toEqual([{ folded: 'le' }])
    await down()
    expect(await run(url, schemas)).toEqual([
      { name: 'pg_trgm', schema: 'public' },
      { name: 'unaccent', schema: 'Their Things' },
    ])
  })

  it('stop the start where they cannot be created, which then says what to do', async () => {
    await run(url, 'CREATE SCHEMA kitter')
    await run(url, 'CREATE FUNCTION kitter.unaccent(text) RETURNS text LANGUAGE sql RETURN $1')
    await expect(up()).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(
        /^kitter needs the Postgres extension unaccent, and can't create it: .*already exists.*run "CREATE EXTENSION unaccent"/,
      ),
    })
    await run(url, 'CREATE EXTENSION unaccent SCHEMA public')
    await up()
    expect(await run(url, schemas)).toHaveLength(2)
  })
})

describe('the journal', () => {
  const operation = `
    INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until)
    VALUES (gen_random_uuid(), 'user.create', 'anna', 'somebody', $1, now()) RETURNING id`

  it('of an earlier kitter keeps what has ended, and holds no claims that nobody would let go', async () => {
    await up(migrations.slice(0, 2))
    for (const state of ['open', 'done', 'abandoned', 'unfinished']) {
      const [entered] = await run<{ id: string }>(url, operation, state)
      await run(
        url,
        "INSERT INTO kitter.operation_claims (operation, key, shared) VALUES ($1, 'name:anna', true)",
        entered?.id,
      )
    }
    await up()
    const states = await run<{ state: string }>(url, 'SELECT state FROM kitter.operations ORDER BY state')
    expect(states.map(({ state }) => state)).toEqual(['done', 'undone', 'undone', 'undone'])
    expect(await run(url, 'SELECT * FROM kitter.operation_claims')).toEqual([])
  })

  it('can be taken back with operations of every state in it', async () => {
    await up()
    for (const state of ['open', 'settling', 'stuck', 'done', 'undone']) await run(url, operation, state)
    await down()
    await up()
    expect(await run(url, 'SELECT * FROM kitter.operations')).toEqual([])
  })
})

describe('migrating', () => {
  class First1790000000001 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query('CREATE TABLE made.first (id int)')
    }

    down(): Promise<void> {
      return Promise.resolve()
    }
  }

  it('keeps the list of each schema apart', async () => {
    await up()
    await up([First1790000000001], 'made')
    expect(await applied('made')).toEqual(['First1790000000001'])
    expect(await applied('kitter')).toEqual(migrations.map(({ name }) => name))
  })

  it('goes on with what is new', async () => {
    class Second1790000000002 extends First1790000000001 {
      override async up(runner: QueryRunner): Promise<void> {
        await runner.query('ALTER TABLE made.first ADD COLUMN name text')
      }
    }
    await up([First1790000000001], 'made')
    await up([First1790000000001, Second1790000000002], 'made')
    expect(await applied('made')).toEqual(['First1790000000001', 'Second1790000000002'])
    expect(await run(url, 'SELECT name FROM made.first')).toEqual([])
  })

  it('stops at what fails, leaves nothing of it, and goes on from there when it is mended', async () => {
    class Second1790000000002 extends First1790000000001 {
      override async up(runner: QueryRunner): Promise<void> {
        await runner.query('CREATE TABLE made.second (id int)')
        await runner.query('CREATE TABLE nowhere.third (id int)')
      }
    }
    await expect(up([First1790000000001, Second1790000000002], 'made')).rejects.toMatchObject({
      name: 'StartError',
      message: `kitter can't use the database of DATABASE_URL: schema "nowhere" does not exist.`,
    })
    expect(await applied('made')).toEqual(['First1790000000001'])
    expect(await tables('made')).toEqual(['first', 'migrations'])
    await run(url, 'CREATE SCHEMA nowhere')
    await up([First1790000000001, Second1790000000002], 'made')
    expect(await tables('made')).toEqual(['first', 'migrations', 'second'])
  })

  it('by one replica keeps another waiting, which then finds it done', async () => {
    const [entered, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    let runs = 0
    class Slow1790000000001 extends First1790000000001 {
      override async up(runner: QueryRunner): Promise<void> {
        runs++
        entered.resolve(undefined)
        await gate.promise
        await super.up(runner)
      }
    }
    const one = up([Slow1790000000001], 'made')
    await entered.promise
    let otherIsDone = false
    const other = up([Slow1790000000001], 'made').then(() => (otherIsDone = true))
    const asking =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%advisory\\_lock%'"
    await expect.poll(() => run(url, `${asking} AND pid <> pg_backend_pid()`), patience).toHaveLength(1)
    expect(otherIsDone).toBe(false)
    gate.resolve(undefined)
    await Promise.all([one, other])
    expect(runs).toBe(1)
    expect(await applied('made')).toEqual(['Slow1790000000001'])
  })

  it('leaves its time-outs to the statements after it', async () => {
    const database = await openDatabase({ url, schema: 'kitter', migrations })
    resources.defer(() => database.close())
    const sql = "SELECT current_setting('statement_timeout') AS timeout"
    const answers = await Promise.all(Array.from({ length: 10 }, () => database.rows(sql)))
    expect(answers).toEqual(Array.from({ length: 10 }, () => [{ timeout: '10s' }]))
  })
})
