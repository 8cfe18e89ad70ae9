/**
 * A reconciliation of many users on the sandbox: seconds, and the service's memory; then the same with planted differences
 * of every kind, found, mended, and mended once more; fails where one is missed. Needs a build:
 * `npm run build && node test/benchmarks/reconcile.ts [users, 100000 by default]`.
 */
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { runUntilTold } from './bench/run-until-told.ts'
import { type LoneKitter, startLoneKitter } from './bench/start-lone-kitter.ts'

const users = Number(process.argv[2] ?? 100_000)
const [usersOfEachKind, domainsOfEachKind] = [55, 20]

interface Harm {
  readonly about: 'user' | 'domain'
  /** One after the other. */
  readonly sql: readonly string[]
}

const atWacCore = `WHERE document ->> 'externalId' = ANY ($1)`
const lost = {
  account: 'DELETE FROM sandbox.accounts WHERE id = ANY ($1)',
  atWacCore: `DELETE FROM sandbox.wac_users ${atWacCore}`,
  row: 'DELETE FROM kitter.users WHERE id::text = ANY ($1)',
  domain: 'DELETE FROM sandbox.wac_domains WHERE id = ANY ($1)',
}

function user(...sql: readonly string[]): Harm {
  return { about: 'user', sql }
}

function domain(...sql: readonly string[]): Harm {
  return { about: 'domain', sql }
}

/** `restore`, `align` and `adopt`. */
const made: readonly Harm[] = [
  user(lost.account),
  user(lost.atWacCore),
  user(lost.account, lost.atWacCore),
  user(lost.row),
  user(lost.row, lost.atWacCore),
  user("UPDATE sandbox.accounts SET first_name = 'Other' WHERE id = ANY ($1)"),
  user('UPDATE sandbox.accounts SET enabled = false WHERE id = ANY ($1)'),
  user(
    "UPDATE sandbox.accounts SET login_name = 'new-' || login_name, login_key = 'new-' || login_key WHERE id = ANY ($1)",
  ),
  user(`UPDATE sandbox.accounts SET attributes = attributes || '{"x": ["y"]}' WHERE id = ANY ($1)`),
  user(`UPDATE sandbox.accounts SET attributes = attributes || '{"domain": ["elsewhere"]}' WHERE id = ANY ($1)`),
  user(`UPDATE sandbox.wac_users SET document = document || '{"displayName": "Wrong"}' ${atWacCore}`),
  user(`UPDATE sandbox.wac_users SET document = document || '{"mobilePhone": ["+34 9"]}' ${atWacCore}`),
  user(`UPDATE sandbox.wac_users SET document = document - 'externalId' ${atWacCore}`),
  user("UPDATE kitter.users SET last_name = 'Old' WHERE id::text = ANY ($1)"),
  domain(
    `UPDATE sandbox.wac_domains SET document = document || '{"origins": ["https://a.example"]}' WHERE id = ANY ($1)`,
  ),
  domain(lost.domain),
  domain('DELETE FROM kitter.domains WHERE id = ANY ($1)'),
]
/** `remove`. */
const removed: readonly Harm[] = [
  user(lost.account),
  user(lost.account, lost.atWacCore),
  user(lost.account, lost.row),
  domain(lost.domain),
]

/** Of the service alone, in MB: now, and at most so far. */
function memory(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return { now: mb('VmRSS'), peak: mb('VmHWM') }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each answer is looked into once, below
async function call({ url, token }: LoneKitter, method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

interface Differences {
  readonly found: number
  readonly mended: number
  readonly left: number
  readonly refused: number
  readonly unsettled: number
}

const none: Differences = { found: 0, mended: 0, left: 0, refused: 0, unsettled: 0 }

async function reconcile(service: LoneKitter, what: string, wish: object = {}): Promise<Differences> {
  const begun = performance.now()
  const { reconciliation } = await call(service, 'POST', '/reconciliations', { scope: 'all', ...wish })
  for (;;) {
    const { reconciliation: now } = await call(service, 'GET', `/reconciliations/${reconciliation.id}`)
    if (now.state !== 'running') {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      const { now: rss, peak } = memory(service.pid)
      console.log(`${what}: ${now.state} in ${seconds} s, ${rss} MB (at most ${peak} MB)`)
      console.log(`  ${JSON.stringify({ ...now.counts, ...now.differences })}`)
      assert.equal(now.state, 'done', now.last_error)
      return now.differences as Differences
    }
    await setTimeout(100)
  }
}

async function seed(database: pg.Client): Promise<void> {
  await database.query(
    `CREATE TABLE public.people AS SELECT gen_random_uuid()::text AS id, 'user' || n AS name, n FROM generate_series(1, $1::int) n`,
    [users],
  )
  await database.query(`
    INSERT INTO sandbox.accounts (id, login_name, login_key, email, email_key, email_verified, enabled, first_name, last_name, attributes)
    SELECT id, name, name, name || '@example.com', name || '@example.com', true, true, 'Some', 'Body',
      jsonb_build_object('domain', '["quobis"]'::jsonb, 'phone_number', jsonb_build_array('+34 ' || n)) FROM public.people`)
  await database.query(`
    INSERT INTO sandbox.wac_users (id, document)
    SELECT lpad(to_hex(n), 24, '0'), jsonb_build_object('domain', 'quobis', 'username', name, 'displayName', 'Some', 'email', name || '@example.com',
      'role', 'user', 'capabilities', '[]'::jsonb, 'mobilePhone', jsonb_build_array('+34 ' || n), 'externalId', id) FROM public.people`)
  await database.query(`
    INSERT INTO kitter.users (id, username, domain, login_name, email, email_key, email_verified, enabled, first_name, last_name, phone_number, attributes, communications_id)
    SELECT id::uuid, name, 'quobis', name, name || '@example.com', name || '@example.com', true, true, 'Some', 'Body', '+34 ' || n, '{}', lpad(to_hex(n), 24, '0') FROM public.people`)
  await database.query(
    `
    CREATE TABLE public.places AS SELECT lpad(to_hex(n), 24, 'd') AS id, 'place' || n AS name, n FROM generate_series(1, $1::int) n`,
    [domainsOfEachKind * 5],
  )
  await database.query(`
    INSERT INTO sandbox.wac_domains (id, document)
    SELECT places.id, document || jsonb_build_object('domain', name, 'parent', 'quobis')
    FROM public.places, sandbox.wac_domains WHERE domain = 'quobis'`)
  await database.query(`
    INSERT INTO kitter.domains (id, name, parent, enable_anonymous, anonymous_capabilities, origins, remote_sip_register, services)
    SELECT places.id, places.name, 'quobis', enable_anonymous, anonymous_capabilities, origins, remote_sip_register, services
    FROM public.places, kitter.domains root WHERE root.name = 'quobis'`)
  await database.query('ANALYZE')
}

/** Each harm to others than the one before. */
class Victims {
  private readonly used = { user: 0, domain: 0 }
  private readonly database: pg.Client

  constructor(database: pg.Client) {
    this.database = database
  }

  async harm({ about, sql }: Harm): Promise<number> {
    const [table, count] = about === 'user' ? ['people', usersOfEachKind] : ['places', domainsOfEachKind]
    const { rows } = await this.database.query<{ readonly id: string }>(
      `SELECT id FROM public.${table} ORDER BY n LIMIT $1 OFFSET $2`,
      [count, this.used[about]],
    )
    this.used[about] += count
    for (const each of sql) await this.database.query(each, [rows.map(({ id }) => id)])
    return rows.length
  }
}

/** All that is planted is found, mended, and gone. */
async function mend(service: LoneKitter, victims: Victims, harms: readonly Harm[], wish: object): Promise<void> {
  let planted = 0
  for (const harm of harms) planted += await victims.harm(harm)
  const found = await reconcile(service, `${planted} differences: looked at`, { ...wish, apply: false })
  assert.deepEqual(found, { ...none, found: planted })
  const mended = await reconcile(service, 'mended', { ...wish, apply: true })
  assert.deepEqual(mended, { ...none, mended: planted })
  assert.deepEqual(await reconcile(service, 'mended once more', { ...wish, apply: true }), none)
}

await runUntilTold(async (resources) => {
  const service = await startLoneKitter(resources)
  const database = new pg.Client({ connectionString: service.databaseUrl })
  await database.connect()
  resources.defer(() => database.end())
  assert.deepEqual(await reconcile(service, 'nobody'), none)
  await seed(database)
  assert.deepEqual(await reconcile(service, `${users} users that are the same everywhere`), none)
  const victims = new Victims(database)
  await mend(service, victims, made, { adopt: true })
  await mend(service, victims, removed, { adopt: true, delete: true })
})
