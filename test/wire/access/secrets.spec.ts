import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askForTokens } from '../../support/ask-for-tokens.ts'
import { BuiltKitter } from '../../support/built-kitter.ts'
import type { CallOptions } from '../../support/call.ts'

/** Passwords and tokens, by what they are. */
const secrets = new Map<string, string>()
/** All that kitter's own API has answered. */
const answers: string[] = []
let kitter: BuiltKitter
let database: pg.Client

function secret(what: string): string {
  const value = `secret-${randomBytes(12).toString('hex')}`
  secrets.set(what, value)
  return value
}

function rememberToken(what: string, token: string): string {
  secrets.set(what, token)
  const signature = token.split('.')[2]
  if (signature) secrets.set(`${what}, its signature`, signature)
  return token
}

async function call(method: string, path: string, options?: CallOptions): Promise<number> {
  const { status, headers, text } = await kitter.call(method, path, options)
  answers.push(text, JSON.stringify([...headers]))
  return status
}

const newUser = (username: string, fields: object = {}) => ({
  user: {
    username,
    email: `${username}@example.com`,
    credentials: { password: secret(`password of ${username}`) },
    ...fields,
  },
})

async function idOf(username: string): Promise<string> {
  const { rows } = await database.query<{ id: string }>('SELECT id FROM kitter.users WHERE username = $1', [username])
  return rows[0]?.id ?? ''
}

async function provision(): Promise<void> {
  const sip = (username: string) => ({ sip_mapping: { username, password: secret(`SIP password of ${username}`) } })
  expect(await call('POST', '/users', { body: newUser('anna', sip('205')) })).toBe(201)
  expect(await call('POST', '/users', { body: newUser('anna') })).toBe(409)
  expect(await call('POST', '/users', { body: { user: { ...newUser('bob').user, email: 'anna@example.com' } } })).toBe(
    409,
  )
  expect(await call('POST', '/users', { body: newUser('carl', sip('205')) })).toBe(409)
  expect(await call('POST', '/users', { body: newUser('dora', { attributes: { domain: 'nowhere' } }) })).toBe(400)
  const credentials = { password: secret('new password'), temporary: false }
  expect(await call('PATCH', `/users/${await idOf('anna')}`, { body: { credentials } })).toBe(200)
  const unknown = '/users/550e8400-e29b-41d4-a716-446655440000'
  expect(await call('PATCH', unknown, { body: { credentials: { password: secret('password of nobody') } } })).toBe(404)
}

async function sendNonsense(): Promise<void> {
  const wrong = [
    { password: secret('password that is too long').repeat(20) },
    { password: `${secret('password with a NUL')}\0` },
    { password: [secret('password in a list')] },
    { password: { value: secret('password in an object') } },
    { password: secret('password beside a stranger'), nonsense: 1 },
    { Password: secret('password in a stranger') },
    secret('credentials that are text'),
    [secret('credentials that are a list')],
  ]
  for (const credentials of wrong) {
    const user = { username: 'nonsense', credentials, sip_mapping: secret('SIP mapping that is text') }
    expect(await call('POST', '/users', { body: { user } })).toBe(400)
    expect(await call('PATCH', `/users/${await idOf('anna')}`, { body: { credentials, enabled: 5 } })).toBe(400)
    expect(await call('POST', '/users', { body: [user] })).toBe(400)
  }
  expect(await call('POST', '/users', { raw: `{"user":{"password":"${secret('password in broken JSON')}"` })).toBe(400)
  expect(await call('POST', '/users', { raw: secret('password that is no JSON') })).toBe(400)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await call('POST', '/users', { raw: `password=${secret('password in a form')}`, headers: form })).toBe(415)
  expect(await call('POST', '/users', { raw: secret('password in a large body').padEnd(1024 * 1024 + 1) })).toBe(413)
  expect(await call('GET', `/users?password=${secret('password in a query')}`)).toBe(400)
  expect(await call('GET', `/users?email=${secret('address in a query')}`)).toBe(200)
  expect(await call('GET', '/users', { headers: { 'x-request-id': `${secret('password in a request id')} ?` } })).toBe(
    200,
  )
  expect(await call('GET', '/users', { headers: { cookie: `session=${secret('password in a cookie')}` } })).toBe(200)
}

async function logInAndOut(): Promise<void> {
  const password = secrets.get('new password') ?? ''
  for (const scope of ['openid', 'offline_access']) {
    const tokens = await askForTokens(kitter.url, { grant_type: 'password', username: 'anna', password, scope })
    rememberToken(`access token (${scope})`, String(tokens['access_token']))
    const refreshToken = rememberToken(`refresh token (${scope})`, String(tokens['refresh_token']))
    const fresh = await askForTokens(kitter.url, { grant_type: 'refresh_token', refresh_token: refreshToken })
    expect(
      await call('GET', '/users', { token: rememberToken(`fresh token (${scope})`, String(fresh['access_token'])) }),
    ).toBe(403)
  }
  for (const username of ['anna', 'nobody', 'anna\0']) {
    await askForTokens(kitter.url, {
      grant_type: 'password',
      username,
      password: secret(`wrong password of ${username}`),
    })
  }
  await askForTokens(kitter.url, { grant_type: 'refresh_token', refresh_token: secret('unknown refresh token') })
  await askForTokens(kitter.url, { grant_type: 'nonsense', password: secret('password of an unknown grant') })
  const exchange = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  }
  const viewer = await askForTokens(kitter.url, {
    ...exchange,
    subject_token: kitter.adminToken,
    role: 'kitter-viewer',
  })
  const token = rememberToken('token of a viewer', String(viewer['access_token']))
  expect(await call('POST', '/users', { token, body: newUser('emma') })).toBe(403)
  await askForTokens(kitter.url, { ...exchange, subject_token: token, role: 'kitter-admin' })
  await askForTokens(kitter.url, {
    ...exchange,
    subject_token: secret('subject token that is none'),
    role: 'kitter-admin',
  })
  expect(await call('POST', `/users/${await idOf('anna')}/logout`)).toBe(200)
}

async function sendBadTokens(): Promise<void> {
  const [header, payload, signature] = kitter.adminToken.split('.')
  const bad = [`${header}.${payload}.`, `${header}x.${payload}.${signature}`, `${header}.${payload}.${signature}x`]
  for (const token of bad) expect(await call('GET', '/users', { token })).toBe(401)
  expect(await call('GET', '/users', { token: secret('token that is none') })).toBe(401)
  const basic = Buffer.from(`anna:${secret('password of basic authentication')}`).toString('base64')
  secrets.set('basic authentication', basic)
  expect(await call('GET', '/users', { headers: { authorization: `Basic ${basic}` } })).toBe(401)
  expect(await call('GET', `/users?access_token=${kitter.adminToken}`)).toBe(400)
}

/** Postgres tells the whole row that a constraint refuses, with the password's hash. */
async function provisionOverBrokenTables(): Promise<void> {
  for (const [table, column] of [
    ['sandbox.accounts', 'login_name'],
    ['kitter.users', 'username'],
  ]) {
    const username = `broken-${column}`
    await database.query(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (${column} <> '${username}')`)
    expect(await call('POST', '/users', { body: newUser(username) })).toBeGreaterThanOrEqual(500)
    await database.query(`ALTER TABLE ${table} DROP CONSTRAINT broken`)
  }
  await database.query('ALTER TABLE sandbox.accounts RENAME TO gone')
  const credentials = { password: secret('password without a table') }
  expect(
    await call('POST', '/users', { body: { user: { username: 'without-a-table', credentials } } }),
  ).toBeGreaterThanOrEqual(500)
  await askForTokens(kitter.url, {
    grant_type: 'password',
    username: 'anna',
    password: secret('log-in without a table'),
  })
  await database.query('ALTER TABLE sandbox.gone RENAME TO accounts')
}

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const stored: string[] = []
  for (const { name } of tables) {
    const { rows } = await database.query<{ text: string }>(`SELECT row::text AS text FROM ${name} AS row`)
    stored.push(...rows.map(({ text }) => text))
  }
  return stored.join('\n')
}

function expectNoSecretIn(text: string, except: readonly string[] = []): void {
  const found = [...secrets]
    .filter(([what, value]) => !except.includes(what) && text.includes(value))
    .map(([what]) => what)
  expect(found).toEqual([])
}

describe('Passwords and tokens', () => {
  let stored: string
  let trail: string

  beforeAll(async () => {
    kitter = await BuiltKitter.start({ LOG_LEVEL: 'trace', CALLER_ID_ENABLED: 'on' })
    rememberToken("the admin's token", kitter.adminToken)
    database = new pg.Client({ connectionString: kitter.databaseUrl })
    await database.connect()
    const { rows } = await database.query<{ jwk: { d: string } }>('SELECT jwk FROM sandbox.signing_keys')
    secrets.set('the signing key', rows[0]?.jwk.d ?? '')
    secrets.set('the password of the database', new URL(kitter.databaseUrl).password)
    for (const act of [provision, sendNonsense, logInAndOut, sendBadTokens, provisionOverBrokenTables]) await act()
    stored = await everythingStored()
    const { rows: told } = await database.query<{ text: string }>('SELECT row::text AS text FROM audit.entries AS row')
    trail = told.map(({ text }) => text).join('\n')
    await database.end()
    await kitter.service.stop()
  })
  afterAll(() => kitter[Symbol.asyncDispose]())

  it('are many, and what is searched for them is much', () => {
    expect(secrets.size).toBeGreaterThan(50)
    expect([...secrets.values()].every((value) => value.length >= 16)).toBe(true)
    expect(answers.length).toBeGreaterThan(100)
    const { lines } = kitter.service
    expect(lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(50)
    expect(lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(2)
    expect(stored).toContain('anna@example.com')
    expect(stored).toContain('$argon2id$')
    expect(trail).toContain('anna@example.com')
  })

  it('are in no log', () => {
    const output = kitter.service.stdout + kitter.service.stderr
    expectNoSecretIn(output)
    expect(output).not.toContain('$argon2')
    expect(output).not.toContain('Failing row')
  })

  it('are in no answer', () => {
    expectNoSecretIn(answers.join('\n'))
    expect(answers.join('\n')).not.toContain('$argon2')
  })

  it('are in no table', () => expectNoSecretIn(stored, ['the signing key']))

  it('are not in the audit trail, not even as a hash', () => {
    expectNoSecretIn(trail)
    expect(trail).not.toContain('$argon2')
  })

  it('leave a log of JSON lines, each request under its id', () => {
    const { lines, stderr } = kitter.service
    expect(stderr).toBe('')
    for (const line of lines.filter(({ msg }) => msg === 'request')) expect(line['request_id']).toMatch(/^[\w.:-]+$/)
  })
})
