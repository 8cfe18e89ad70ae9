import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '#infrastructure/http'
import { expectRefusal } from '../errors/refusal.fixture.ts'
import { ProbeClient } from './probe-client.fixture.ts'
import { ownToken, resultIn } from './probe-dialect.fixture.ts'

const password = 'correct horse battery staple'
const lines: string[] = []
const domain = 'access.example'

let probe: ProbeClient
let own: { readonly id: string; readonly username: string }
let other: { readonly id: string }
let loggedIn: string
beforeAll(async () => {
  const written = new PassThrough()
  written.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  probe = await ProbeClient.start({}, undefined, createLogger({ level: 'trace', readable: false }, written))
  await probe.kitter.createDomain(domain)
  own = await probe.kitter.createUser('own', {
    first_name: 'Own',
    email: 'own@access.example',
    credentials: { password },
    attributes: { domain },
  })
  other = await probe.kitter.createUser('other', { attributes: { domain } })
  loggedIn = String((await probe.kitter.logIn('own', password))['access_token'])
})
afterAll(() => probe[Symbol.asyncDispose]())

const seen = async (token: string, id: string) => probe.call('GET', `/probe/users/${id}`, { token })

describe('A token', () => {
  it('is read where the dialect says, and nowhere else', async () => {
    const token = probe.kitter.adminToken
    expect((await probe.call('GET', '/probe/things')).status).toBe(200)
    expect((await probe.call('GET', `/probe/things?token=${token}`, { token: null })).status).toBe(200)
    const authorization = await probe.call('GET', '/probe/things', {
      token: null,
      headers: { authorization: `Bearer ${token}` },
    })
    expect([authorization.status, authorization.body.code]).toEqual([401, 'access.token_missing'])
    const native = await probe.call('GET', '/users')
    expectRefusal(native, { status: 401, code: 'access.token_missing' })
    expectRefusal(await probe.wire.call('GET', `/users?token=${token}`, { token: null }), {
      status: 401,
      code: 'access.token_missing',
    })
  })

  it('is no better for being sent to a dialect', async () => {
    for (const token of ['nonsense', '', `${probe.kitter.adminToken}x`, 'a b', 'own', '\u00e9']) {
      const answer = await probe.call('GET', '/probe/things', { token })
      expect([answer.status, answer.body.code], token).toEqual([401, 'access.token_invalid'])
    }
  })

  it('of the dialect itself is worth nothing elsewhere', async () => {
    const token = ownToken(own.id)
    expect((await seen(token, own.id)).status).toBe(200)
    for (const path of ['/users', `/users/${own.id}`]) {
      const answer = await probe.wire.call('GET', path, { token })
      expectRefusal(answer, { status: 401, code: 'access.token_missing' }, path)
    }
    expect((await probe.call('GET', '/v2/account/users', { headers: { 'x-auth-token': token } })).status).toBe(401)
  })

  it('never reaches the log', async () => {
    const secrets = ['secret-in-query', 'secret-in-header', 'secret-in-path']
    await probe.call('GET', '/probe/things?token=secret-in-query', { token: null })
    await probe.call('GET', '/probe/nothing?token=secret-in-query&a=b', { token: null })
    await probe.call('GET', '/probe/%zz?token=secret-in-query', { token: null })
    await probe.call('GET', '/probe/fault?token=secret-in-query', { token: 'secret-in-header' })
    await probe.call('GET', '/v2/accounts/x/users?auth_token=secret-in-query', {
      headers: { 'x-auth-token': secrets[1] ?? '' },
    })
    await probe.call('POST', '/v2/user_auth', { body: { auth_token: 'secret-in-query' } })
    await expect.poll(() => lines.join(''), { timeout: 20_000 }).toContain('the inside of the probe')
    for (const secret of secrets.slice(0, 2)) expect(lines.join('')).not.toContain(secret)
    for (const line of lines.filter((text) => text.includes('"path"'))) expect(line).not.toContain('token=')
  })
})

describe('Somebody without a role', () => {
  it('is refused on every route that does not say what they may do there', async () => {
    for (const token of [loggedIn, ownToken(own.id)]) {
      for (const [method, path] of [
        ['GET', '/probe/things'],
        ['POST', '/probe/things'],
        ['PUT', '/probe/users'],
        ['GET', '/probe/closed'],
      ] as const) {
        const answer = await probe.call(method, path, { token })
        expect([answer.status, answer.body.code], path).toEqual([403, 'access.role_missing'])
      }
    }
    for (const path of ['/users', `/users/${own.id}`, `/users/${domain}/own`, '/domains', '/operations', '/audit']) {
      const answer = await probe.wire.call('GET', path, { token: loggedIn })
      expectRefusal(answer, { status: 403, code: 'access.role_missing' }, path)
    }
  })

  it('sees and changes their own user, and is told of no other', async () => {
    for (const token of [loggedIn, ownToken(own.id)]) {
      expect(resultIn((await seen(token, own.id)).body)['user']).toMatchObject({ id: own.id, username: 'own' })
      const changed = await probe.call('PATCH', `/probe/users/${own.id}`, {
        token,
        body: { first_name: 'New', ring: token },
      })
      expect(resultIn(changed.body)).toMatchObject({ user: { firstName: 'New' }, extension: { ring: token } })
      for (const id of [
        other.id,
        '00000000-0000-4000-8000-000000000000',
        'nonsense',
        `${own.id}x`,
        own.id.toUpperCase(),
      ]) {
        const unseen = await seen(token, id)
        expect([unseen.status, unseen.body.code], id).toEqual([404, 'user.unknown'])
        const unchanged = await probe.call('PATCH', `/probe/users/${id}`, { token, body: { ring: 'x' } })
        expect([unchanged.status, unchanged.body.code], id).toEqual([404, 'user.unknown'])
      }
    }
  })

  it('changes nothing of it that others decide', async () => {
    const token = ownToken(own.id)
    const renamed = await probe.call('PATCH', `/probe/users/${own.id}`, {
      token,
      body: { username: 'root', ring: 'y' },
    })
    expect([renamed.status, renamed.body.code]).toEqual([403, 'user.not_for_oneself'])
    for (const holds of [token, loggedIn]) {
      const body = { password: 'another horse' }
      const answer = await probe.call('PATCH', `/probe/users/${own.id}`, { token: holds, body })
      expect([answer.status, answer.body.code]).toEqual([403, 'user.not_for_oneself'])
    }
    expect(await probe.kitter.logIn('own', password)).toHaveProperty('access_token')
    const removed = await probe.call('DELETE', `/probe/users/${own.id}`, { token })
    expect([removed.status, removed.body.code]).toEqual([403, 'access.role_missing'])
    const { user, extension } = resultIn((await seen(token, own.id)).body)
    expect(user).toMatchObject({ username: 'own' })
    expect(extension).not.toMatchObject({ ring: 'y' })
  })

  it('is nobody once the user is gone', async () => {
    const gone = await probe.kitter.createUser('gone', { attributes: { domain } })
    await probe.kitter.call('DELETE', `/users/${gone.id}`)
    expect((await seen(ownToken(gone.id), gone.id)).status).toBe(404)
  })
})

describe('Who has a role', () => {
  it('sees and changes what lies in their scope, as in the native API', async () => {
    const [viewer, within, outside] = await Promise.all([
      probe.kitter.token('kitter-viewer'),
      probe.kitter.token('kitter-domain-admin', domain),
      probe.kitter.token('kitter-domain-admin', 'elsewhere.example'),
    ])
    expect([await seen(viewer, own.id), await seen(within, own.id)].map(({ status }) => status)).toEqual([200, 200])
    expect((await seen(outside, own.id)).body).toMatchObject({ code: 'user.unknown' })
    const change = (token: string) => probe.call('PATCH', `/probe/users/${other.id}`, { token, body: { ring: 'z' } })
    expect((await change(viewer)).body).toMatchObject({ code: 'access.forbidden' })
    expect((await change(outside)).body).toMatchObject({ code: 'user.unknown' })
    expect((await change(within)).status).toBe(200)
  })
})
