import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StatementError } from './statement-error.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
  await postgres.database.rows(`
    CREATE TABLE test_secrets (
      name varchar(40) CONSTRAINT secrets_name_key UNIQUE,
      size integer CONSTRAINT secrets_size_check CHECK (size < 10),
      domain text CONSTRAINT secrets_domain_key REFERENCES kitter.domains (name)
    )`)
})
afterAll(() => postgres[Symbol.asyncDispose]())

const secret = 'correct-horse-7788'

async function refusal(sql: string, ...parameters: readonly unknown[]): Promise<unknown> {
  return postgres.database.rows(sql, ...parameters).catch((reason: unknown) => reason)
}

describe('a statement that Postgres refuses', () => {
  it.each([
    ['a value twice', 'INSERT INTO test_secrets (name) VALUES ($1), ($1)', secret, '23505', 'secrets_name_key'],
    ['a check', 'INSERT INTO test_secrets (name, size) VALUES ($1, 77)', secret, '23514', 'secrets_size_check'],
    ['a foreign key', 'INSERT INTO test_secrets (domain) VALUES ($1)', secret, '23503', 'secrets_domain_key'],
    ['text that is too long', 'INSERT INTO test_secrets (name) VALUES ($1)', secret.repeat(9), '22001', undefined],
    ['no UUID', 'SELECT $1::uuid', secret, '22P02', undefined],
    ['no number', 'SELECT $1::int', secret, '22P02', undefined],
    ['a number too large', 'SELECT $1::int', '77889900112233', '22003', undefined],
    ['no time', 'SELECT $1::timestamptz', secret, '22007', undefined],
    ['no boolean', 'SELECT $1::boolean', `"${secret}"`, '22P02', undefined],
    ['no JSON', 'SELECT $1::jsonb', `{"a": ${secret}`, '22P02', undefined],
    ['NUL', 'SELECT $1', `${secret}\0`, '22021', undefined],
    ['no expression', `SELECT 'a' ~ $1`, `(${secret}`, '2201B', undefined],
  ])('for %s is told without its values', async (_, sql, value, sqlState, constraint) => {
    const error = await refusal(sql, value)
    expect(error).toBeInstanceOf(StatementError)
    expect(error).toMatchObject({ name: 'StatementError', sqlState, constraint })
    const shown = inspect(error, { depth: null, showHidden: true, maxStringLength: null })
    for (const said of [shown, JSON.stringify(error), String(error)]) {
      expect(said).not.toContain(value)
      expect(said).not.toContain(secret)
    }
  })

  it('says what went wrong', async () => {
    const error = await refusal('SELECT * FROM nowhere')
    expect(error).toMatchObject({
      message: 'the database refused a statement: relation "nowhere" does not exist',
      sqlState: '42P01',
    })
  })

  it('keeps what is not a value', async () => {
    for (const [sql, value, said] of [
      ['SELECT $1::uuid', secret, 'invalid input syntax for type uuid: "…"'],
      ['SELECT $1::int', '77889900112233', 'value "…" is out of range for type integer'],
      [
        'INSERT INTO test_secrets (name) VALUES ($1)',
        secret.repeat(9),
        'value too long for type character varying(40)',
      ],
    ] as const)
      expect(await refusal(sql, value)).toHaveProperty('message', `the database refused a statement: ${said}`)
  })

  it('names a constraint', async () => {
    const error = await refusal('INSERT INTO test_secrets (name) VALUES ($1), ($1)', secret)
    expect(String(error)).toContain('"secrets_name_key"')
  })

  it('is told the same in a transaction, and by it', async () => {
    let inside: unknown
    const working = postgres.database.transaction(async (queries) => {
      inside = await queries.rows('SELECT $1::uuid', secret).catch((reason: unknown) => reason)
      throw inside
    })
    const outside: unknown = await working.catch((reason: unknown) => reason)
    expect(outside).toBeInstanceOf(StatementError)
    expect(outside).toBe(inside)
  })
})
