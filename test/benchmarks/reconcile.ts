/**
 * A reconciliation of many users on the sandbox: seconds, and the service's memory; then the same with planted differences
 * of every kind, found, mended, and mended once more. Needs a build:
 * `npm run build && node test/benchmarks/reconcile.ts [users, 100000 by default]`.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'

const root = join(import.meta.dirname, '../..')
const users = Number(process.argv[2] ?? 100_000)
const ofEachKind = 100

const meddling: Readonly<Record<string, string>> = {
  'account removed': 'DELETE FROM sandbox.accounts WHERE id = ANY ($1)',
  'removed at wac-core': "DELETE FROM sandbox.wac_users WHERE document ->> 'externalId' = ANY ($1)",
  "kitter's row lost": 'DELETE FROM kitter.users WHERE id::text = ANY ($1)',
  'name changed in Keycloak': "UPDATE sandbox.accounts SET first_name = 'Other' WHERE id = ANY ($1)",
  'disabled in Keycloak': 'UPDATE sandbox.accounts SET enabled = false WHERE id = ANY ($1)',
  'renamed in Keycloak':
    "UPDATE sandbox.accounts SET login_name = 'new-' || login_name, login_key = 'new-' || login_key WHERE id = ANY ($1)",
  'attribute given in Keycloak': `UPDATE sandbox.accounts SET attributes = attributes || '{"x": ["y"]}' WHERE id = ANY ($1)`,
  'phone number changed at wac-core': `UPDATE sandbox.wac_users SET document = document || '{"mobilePhone": ["+34 9"]}' WHERE document ->> 'externalId' = ANY ($1)`,
  'link lost at wac-core': `UPDATE sandbox.wac_users SET document = document - 'externalId' WHERE document ->> 'externalId' = ANY ($1)`,
  "kitter's row of yesterday": "UPDATE kitter.users SET last_name = 'Old' WHERE id::text = ANY ($1)",
}

const folder = mkdtempSync(join(tmpdir(), 'kitter-bench-'))
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=50']
const kitter = spawn(process.execPath, [...flags, join(root, 'dist/apps/kitter/main.js')], {
  env: { ...process.env, KITTER_DATA_DIR: folder, PORT: '0' },
  stdio: ['ignore', openSync(join(folder, 'log'), 'w'), 'inherit'],
})

/** Of the service alone, in MB: now, and at most since it was asked for the last time. */
function memory(): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${kitter.pid}/status`, 'utf8')
  const mb = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return { now: mb('VmRSS'), peak: mb('VmHWM') }
}

interface Service {
  readonly url: string
  readonly token: string
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each answer is looked into once, below
async function call({ url, token }: Service, method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

async function reconcile(service: Service, what: string, wish: object = {}): Promise<void> {
  const begun = performance.now()
  const { reconciliation } = await call(service, 'POST', '/reconciliations', { scope: 'all', ...wish })
  for (;;) {
    const { reconciliation: now } = await call(service, 'GET', `/reconciliations/${reconciliation.id}`)
    if (now.state !== 'running') {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      const { now: rss, peak } = memory()
      console.log(`${what}: ${now.state} in ${seconds} s, ${rss} MB (at most ${peak} MB)`)
      console.log(`  ${JSON.stringify({ ...now.counts, ...now.differences })}`)
      return
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
  await database.query('ANALYZE')
}

async function plant(database: pg.Client): Promise<number> {
  const kinds = Object.values(meddling)
  for (const [index, sql] of kinds.entries()) {
    const { rows } = await database.query<{ readonly id: string }>(
      'SELECT id FROM public.people ORDER BY n LIMIT $1 OFFSET $2',
      [ofEachKind, index * ofEachKind],
    )
    await database.query(sql, [rows.map(({ id }) => id)])
  }
  return kinds.length * ofEachKind
}

try {
  while (!existsSync(join(folder, 'service.json'))) await setTimeout(50)
  const { url } = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as { url: string }
  const service = { url, token: readFileSync(join(folder, 'admin-token'), 'utf8').trim() }
  const port = readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]
  const password = readFileSync(join(folder, 'postgres-password'), 'utf8').trim()
  const database = new pg.Client({ connectionString: `postgres://kitter:${password}@127.0.0.1:${port}/kitter` })
  await database.connect()
  await reconcile(service, 'nobody')
  await seed(database)
  await reconcile(service, `${users} users that are the same everywhere`)
  const planted = await plant(database)
  await reconcile(service, `${planted} of them differ: looked at`)
  await reconcile(service, 'mended', { apply: true })
  await reconcile(service, 'mended once more', { apply: true })
  await database.end()
} finally {
  kitter.kill('SIGTERM')
  await new Promise((resolve) => kitter.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
}
