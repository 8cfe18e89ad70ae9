import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
beforeAll(async () => {
  kitter = resources.use(await TestKitter.start({ CALLER_ID_ENABLED: 'on' }))
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

const secrets: string[] = []

function secret(): string {
  const value = `secret-${randomBytes(12).toString('hex')}`
  secrets.push(value)
  return value
}

const user = (username: string) => ({
  user: {
    ...{ username, credentials: { password: secret() }, attributes: { domain: 'home.example' } },
    sip_mapping: { username: `sip-${username}`, password: secret() },
  },
})

async function everyOperation(): Promise<void> {
  const { id: domain } = await kitter.createDomain('home.example')
  const viewer = await kitter.token('kitter-viewer')
  const headers = { 'idempotency-key': randomUUID() }
  const created = await kitter.call('POST', '/users', { headers, body: user('anna') })
  const { id } = created.body.user
  const credentials = () => ({ credentials: { password: secret(), temporary: false } })
  for (const [method, path, body, token] of [
    ['POST', '/users', user('anna')],
    ['POST', '/users', user('bob'), viewer],
    ['POST', '/users', { user: { ...user('carl').user, attributes: { domain: 'nowhere' } } }],
    ['POST', '/users', { user: { ...user('dora').user, sip_mapping: { username: 'sip-anna', password: secret() } } }],
    ['PATCH', `/users/${id}`, { ...credentials(), email: 'anna@example.com' }],
    ['PATCH', `/users/${id}`, credentials(), viewer],
    ['PATCH', `/users/${randomUUID()}`, credentials()],
    ['POST', `/users/${id}/reset-password-email`],
    ['POST', `/users/${id}/logout`],
    ['POST', `/domains/${domain}/logout`],
    ['PATCH', `/domains/${domain}`, { origins: ['https://a.example'] }],
    ['POST', '/callerIdManager', { name: '205', value: '+34' }],
    ['POST', '/callerIdManager/reload'],
    ['DELETE', '/callerIdManager/205'],
    ['DELETE', `/domains/${domain}`],
    ['DELETE', `/users/${id}`],
    ['DELETE', `/domains/${domain}`],
    ['POST', '/users/logout'],
  ] as const) {
    await kitter.call(method, path, { ...(body && { body }), ...(token && { token }) })
  }
  secrets.push(viewer, kitter.adminToken)
}

const wordings = (word: string): readonly string[] =>
  [word, ...(['base64', 'base64url', 'hex'] as const).map((as) => Buffer.from(word).toString(as))].map((wording) =>
    wording.replace(/=+$/, ''),
  )

it('No secret that came with any operation is in any table, in no wording, and no hash is in the audit trail', async () => {
  await everyOperation()
  expect(secrets.length).toBeGreaterThan(12)
  const tables = await look.rows(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  )
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['audit.entries', 'kitter.operations', 'jobs.job']),
  )
  for (const { name } of tables) {
    const stored = JSON.stringify(await look.rows(`SELECT row::text FROM ${String(name)} AS row`))
    for (const word of secrets.flatMap(wordings)) expect(stored.includes(word), `${String(name)}: ${word}`).toBe(false)
  }
  const trail = JSON.stringify(await look.rows('SELECT row::text FROM audit.entries AS row'))
  expect(trail).not.toContain('$argon2')
  const actions = await look.rows('SELECT DISTINCT action FROM audit.entries ORDER BY 1')
  expect(actions.map(({ action }) => action)).toHaveLength(14)
})
