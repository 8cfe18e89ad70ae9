import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '#kernel'
import type { Answer } from '../../support/test-kitter.ts'
import { giveRoles } from '../access/give-roles.fixture.ts'
import { KazooClient, type TestAccount, uuidIn } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start({ KAZOO_USER_AUTH: 'on' }))
  account = await kazoo.account()
})
afterAll(() => resources.disposeAsync())

const md5 = (username: string, password: string): string =>
  createHash('md5').update(`${username}:${password}`).digest('hex')

interface Person {
  readonly id: string
  readonly uuid: string
  readonly path: string
  readonly username: string
  readonly password: string
}

async function person(data: object = {}): Promise<Person> {
  const [username, password] = [`p${randomUUID()}`, randomUUID()]
  const path = await kazoo.user(account, { username, password, ...data })
  const id = path.split('/').at(-1) ?? ''
  const uuid = uuidIn(path)
  return { id, uuid, path, username, password }
}

/** What an operator does in Keycloak's console. */
async function giveRole({ uuid: id }: Person, name: Role): Promise<void> {
  const { real } = kazoo.kitter
  if (real === undefined) return giveRoles(kazoo.kitter, id, name)
  const role = await real.realm.admin.roles.findOneByName({ name })
  await real.realm.admin.users.addRealmRoleMappings({ id, roles: [{ id: role?.id ?? '', name }] })
}

function signIn({ username, password }: Pick<Person, 'username' | 'password'>, more: object = {}): Promise<Answer> {
  const data = { credentials: md5(username, password), account_name: account.domain, ...more }
  return kazoo.send('PUT', '/v2/user_auth', data, { token: null })
}

async function tokenOf(who: Person): Promise<string> {
  const answer = await signIn(who)
  if (answer.status !== 201) throw new Error(`not signed in: ${answer.text}`)
  return String(answer.body.auth_token)
}

const read = (token: string, path: string): Promise<Answer> => kazoo.call('GET', path, { token })

function expectRefused(answer: Answer): void {
  expect([answer.status, answer.body.data]).toEqual([401, { message: 'invalid credentials' }])
  expect(answer.body).toMatchObject({ error: '401', message: 'invalid_credentials', status: 'error' })
}

describe('Signing in', () => {
  it("gives a token, and says whose it is, as Kazoo's SDKs want it", async () => {
    const who = await person()
    const answer = await signIn(who)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      auth_token: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      data: { account_id: account.id, owner_id: who.id, apps: [], is_reseller: false, language: 'en-us' },
      status: 'success',
    })
    expect((await read(String(answer.body.auth_token), who.path)).body.data).toMatchObject({ id: who.id })
  })

  it('goes by the name of the account, its realm, or the phone number of one of its users', async () => {
    const who = await person()
    const phone = `+34 ${Date.now()}`
    await kazoo.kitter.call('PATCH', `/users/${who.uuid}`, {
      body: { attributes: { phone_number: phone } },
    })
    for (const names of [
      { account_name: account.domain.toUpperCase() },
      { account_name: undefined, account_realm: account.domain },
      { account_name: undefined, phone_number: phone },
    ]) {
      expect((await signIn(who, names)).status, JSON.stringify(names)).toBe(201)
    }
    expectRefused(await signIn(who, { account_name: 'elsewhere.example' }))
    expectRefused(await signIn(who, { account_name: undefined, phone_number: '+1' }))
    const nothing = await signIn(who, { account_name: undefined })
    expect(nothing.body.data).toEqual({ account_name: { required: { message: 'Field is required but missing' } } })
  })

  it('is refused with another password, another name, or one that was set elsewhere', async () => {
    const who = await person()
    expectRefused(await signIn({ ...who, password: 'wrong' }))
    expectRefused(await signIn({ ...who, username: 'nobody' }))
    expectRefused(await signIn(who, { method: 'sha' }))
    expectRefused(await signIn(who, { credentials: 'nonsense' }))
    await kazoo.look.keycloak.setPassword(who.uuid, 'set elsewhere')
    expectRefused(await signIn(who))
    expectRefused(await signIn({ ...who, password: 'set elsewhere' }))
  })

  it('says what is missing', async () => {
    const answer = await kazoo.send('PUT', '/v2/user_auth', {}, { token: null })
    expect([answer.status, answer.body.data]).toEqual([
      400,
      { credentials: { required: { message: 'Field is required but missing' } } },
    ])
  })

  it('works by POST, and with Authorization: Basic, whose credentials are never told back', async () => {
    const who = await person()
    const data = { credentials: md5(who.username, who.password), account_name: account.domain }
    const posted = await kazoo.call('POST', '/v2/user_auth', { token: null, body: { data, verb: 'put' } })
    expect(posted.status).toBe(201)
    const basic = Buffer.from(`${account.id}:${data.credentials}`).toString('base64')
    const seen = await kazoo.call('GET', who.path, { token: null, headers: { authorization: `Basic ${basic}` } })
    expect([seen.status, seen.body.data.id]).toEqual([200, who.id])
    expect(seen.text).not.toContain(data.credentials)
    const wrong = Buffer.from(`${account.id}:${md5('x', 'y')}`).toString('base64')
    expectRefused(await kazoo.call('GET', who.path, { token: null, headers: { authorization: `Basic ${wrong}` } }))
  })

  it('takes what stands in Authorization: Basic nowhere else, least of all in a URL, and tells it back nowhere', async () => {
    const who = await person()
    const pair = `${account.id}:${md5(who.username, who.password)}`
    for (const answer of [
      await read(pair, who.path),
      await kazoo.call('GET', `${who.path}?auth_token=${pair}`, { token: null }),
      await kazoo.call('PATCH', who.path, { token: null, body: { data: { timezone: 'UTC' }, auth_token: pair } }),
      await read(`Basic ${Buffer.from(pair).toString('base64')}`, who.path),
    ]) {
      expectRefused(answer)
      expect(answer.text).not.toContain(pair)
    }
  })

  it('keeps neither what was sent nor the token', async () => {
    const who = await person()
    const token = await tokenOf(who)
    const rows = JSON.stringify([
      await kazoo.look.rows('SELECT hash::text, user_id, password_mark FROM kitter.kazoo_tokens'),
      await kazoo.look.rows('SELECT * FROM kitter.user_sign_in_digests'),
    ])
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(md5(who.username, who.password))
  })
})

describe('Who holds a token', () => {
  it('has their own document only, whatever their priv_level says', async () => {
    const [who, other] = [await person({ priv_level: 'admin' }), await person()]
    const token = await tokenOf(who)
    expect((await read(token, who.path)).status).toBe(200)
    const path = `/v2/account/users/${who.id}`
    expect((await read(token, path)).body.data).toMatchObject({ id: who.id, priv_level: 'admin' })
    expect((await kazoo.send('PATCH', path, { timezone: 'UTC' }, { token })).status).toBe(200)
    expect([(await read(token, account.users)).status, (await read(token, other.path)).status]).toEqual([403, 404])
    expect((await kazoo.send('PUT', account.users, {}, { token })).status).toBe(403)
    expect((await kazoo.call('DELETE', who.path, { token })).status).toBe(403)
    expect((await kazoo.send('PATCH', path, { enabled: false }, { token })).status).toBe(403)
    const taken = { username: who.username, password: 'taken over' }
    for (const method of ['PATCH', 'POST']) {
      const whole = { first_name: 'A', last_name: 'B', ...taken }
      expect((await kazoo.send(method, path, whole, { token })).status, method).toBe(403)
    }
    expectRefused(await signIn(taken))
    expect((await read(token, path)).status).toBe(200)
    const elsewhere = await kazoo.account()
    expect((await read(token, `${elsewhere.users}/${who.id}`)).status).toBe(403)
    expect((await kazoo.kitter.call('GET', `/users/${who.uuid}`, { token })).status).toBe(401)
  })

  it("has what kitter's roles in the realm give them", async () => {
    const who = await person()
    await giveRole(who, 'kitter-domain-admin')
    const token = await tokenOf(who)
    const list = await read(token, '/v2/account/users')
    expect((list.body.data as { id: string }[]).map(({ id }) => id)).toContain(who.id)
    const elsewhere = await kazoo.account()
    expect((await read(token, elsewhere.users)).status).toBe(403)
    const made = await kazoo.send('PUT', '/v2/account/users', { first_name: 'A', last_name: 'B' }, { token })
    expect(made.headers.get('location')).toMatch(new RegExp(`^${account.users}/`))
  })
})

describe('A token ends', () => {
  const call = (method: string, path: string, body?: object) => kazoo.kitter.call(method, path, body && { body })

  it.each([
    ['with a new password', ({ uuid }) => call('PATCH', `/users/${uuid}`, { credentials: { password: 'new' } })],
    ['with a new name', ({ uuid }) => call('PATCH', `/users/${uuid}`, { username: `n${uuid}` })],
    ['while the user is disabled', ({ uuid }) => call('PATCH', `/users/${uuid}`, { enabled: false })],
    ['with the user', ({ uuid }) => call('DELETE', `/users/${uuid}`)],
    ['when the user is logged out', ({ uuid }) => call('POST', `/users/${uuid}/logout`)],
    ['when the domain is', () => call('POST', `/domains/${account.id.slice(8)}/logout`)],
    ['when everybody is', () => call('POST', '/users/logout')],
    [
      'after an hour that nobody used it in',
      ({ uuid }) =>
        kazoo.look.rows(
          `UPDATE kitter.kazoo_tokens SET used_at = now() - interval '61 minutes' WHERE user_id = $1`,
          uuid,
        ),
    ],
    [
      'after half a day',
      ({ uuid }) =>
        kazoo.look.rows(
          `UPDATE kitter.kazoo_tokens SET created_at = now() - interval '721 minutes' WHERE user_id = $1`,
          uuid,
        ),
    ],
  ] as [string, (who: Person) => Promise<unknown>][])('%s', async (_, end) => {
    const who = await person()
    const token = await tokenOf(who)
    expect((await read(token, who.path)).status).toBe(200)
    await end(who)
    expectRefused(await read(token, who.path))
  })

  it('for good with a user that is disabled, however soon enabled again', async () => {
    const who = await person()
    const token = await tokenOf(who)
    for (const enabled of [false, true]) await call('PATCH', `/users/${who.uuid}`, { enabled })
    expectRefused(await read(token, who.path))
    expect((await signIn(who)).status).toBe(201)
  })

  it('soon after the account was disabled or got another password elsewhere', async () => {
    const [disabled, changed] = [await person(), await person()]
    const tokens = [await tokenOf(disabled), await tokenOf(changed)] as const
    await kazoo.look.keycloak.changeAccount(disabled.uuid, { enabled: false })
    await kazoo.look.keycloak.setPassword(changed.uuid, 'set elsewhere')
    await kazoo.look.rows("UPDATE kitter.kazoo_tokens SET checked_at = now() - interval '31 seconds'")
    expectRefused(await read(tokens[0], disabled.path))
    expectRefused(await read(tokens[1], changed.path))
  })
})

describe('Failed tries', () => {
  it('are limited, also when they come at once, and for the right password as well', async () => {
    await using other = await KazooClient.start({ KAZOO_USER_AUTH: 'on', TRUST_PROXY: 'on' })
    const place = await other.account()
    await other.user(place, { username: 'anna', password: 'right' })
    const tryOut = (password: string, address: string): Promise<Answer> =>
      other.send(
        'PUT',
        '/v2/user_auth',
        { credentials: md5('anna', password), account_name: place.domain },
        { token: null, headers: { 'x-forwarded-for': address } },
      )
    const answers = await Promise.all(Array.from({ length: 25 }, (_, index) => tryOut(`wrong ${index}`, '192.0.2.1')))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), ...Array.from({ length: 5 }, () => 429)])
    const refused = await tryOut('right', '192.0.2.1')
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({
      data: { message: 'too many requests' },
      error: '429',
      message: 'too_many_requests',
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500)
    for (let count = 0; count < 10; count += 1)
      await Promise.all(Array.from({ length: 20 }, () => tryOut('wrong', '192.0.2.1')))
    expect((await tryOut('right', '192.0.2.2')).status).toBe(201)
    for (let count = 0; count < 22; count += 1) expect((await tryOut('right', '192.0.2.2')).status).toBe(201)
  })
})

describe('Where it is switched off', () => {
  it('there is nothing to sign in at, and nothing is kept for it', async () => {
    await using off = await KazooClient.start()
    for (const method of ['PUT', 'GET', 'POST', 'DELETE']) {
      const answer = await off.call(method, '/v2/user_auth', { token: null })
      expect([answer.status, answer.body.message], method).toEqual([404, 'not_found'])
    }
    const encoded = await off.send('PUT', '/v2/user%5Fauth', { credentials: 'x', account_name: 'a' }, { token: null })
    expect([encoded.status, encoded.body.message]).toEqual([404, 'not_found'])
    const place = await off.account()
    const path = await off.user(place, { username: 'anna', password: 'right' })
    const basic = Buffer.from(`${place.id}:${md5('anna', 'right')}`).toString('base64')
    const answer = await off.call('GET', path, { token: null, headers: { authorization: `Basic ${basic}` } })
    expect(answer.status).toBe(401)
  })
})
