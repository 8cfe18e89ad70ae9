import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestWacCore, type TestWacCore } from '../../test/support/wac-core.ts'
import { startWacCoreSandbox } from './start-wac-core-sandbox.ts'

interface Reply {
  readonly status: number
  readonly type: string | null
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  readonly body: any
}

const id24 = expect.stringMatching(/^[0-9a-f]{24}$/) as unknown
const missing = 'f'.repeat(24)

let server: TestWacCore
let root: string

beforeAll(async () => {
  server = await startTestWacCore()
  root = 'quobis'
  await call('POST', '/sapi/domains', { domain: root })
})
afterEach(() => server.faults.clear())
afterAll(() => server.stop())

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(`${server.url.replace('/sapi', '')}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type')
  return { status: response.status, type, text, body: jsonOf(text) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function newDomain(fields: object = {}): Promise<{ id: string; domain: string }> {
  const { status, body, text } = await call('POST', '/sapi/domains', {
    domain: `d-${randomUUID()}`,
    parent: root,
    ...fields,
  })
  if (status !== 201) throw new Error(text)
  return body
}

async function newUser(fields: object = {}): Promise<{ id: string; username: string }> {
  const { status, body, text } = await call('POST', '/sapi/users', {
    domain: root,
    username: `u-${randomUUID()}`,
    ...fields,
  })
  if (status !== 201) throw new Error(text)
  return body
}

describe("wac-core's domains", () => {
  it('are made, read, listed in a bare array, replaced and removed', async () => {
    const domain = `d-${randomUUID()}`
    const given = { domain, parent: root, services: { contacts: ['wac'] }, foreign: { deep: [1] } }
    const made = await call('POST', '/sapi/domains', given)
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...given,
        id: id24,
        origins: [],
        enableAnonymous: false,
        anonymousExpiration: 0,
        anonymousCapabilities: [],
        remoteSipRegister: false,
      },
    })
    const { id } = made.body
    expect(await call('GET', `/sapi/domains/${id}`)).toMatchObject({ status: 200, body: made.body })
    const { body: listed } = await call('GET', '/sapi/domains')
    expect(listed).toContainEqual(made.body)
    expect(listed).toContainEqual(expect.objectContaining({ domain: root, parent: null }))

    const replaced = await call('PUT', `/sapi/domains/${id}`, {
      domain,
      parent: root,
      id: missing,
      enableAnonymous: true,
    })
    expect(replaced).toMatchObject({ status: 200, body: { id, enableAnonymous: true, services: {} } })
    expect(replaced.body).not.toHaveProperty('foreign')
    expect((await call('GET', `/sapi/domains/${id}`)).body).toEqual(replaced.body)

    expect(await call('DELETE', `/sapi/domains/${id}`)).toMatchObject({ status: 204, text: '' })
    expect((await call('GET', `/sapi/domains/${id}`)).status).toBe(404)
  })

  it('have names of their own, and stay while users are in them', async () => {
    const { id, domain } = await newDomain()
    expect(await call('POST', '/sapi/domains', { domain })).toMatchObject({
      status: 409,
      body: { error: expect.any(String) },
    })
    await newUser({ domain })
    expect((await call('DELETE', `/sapi/domains/${id}`)).status).toBe(409)
  })
})

describe("wac-core's users", () => {
  it('are made, read, found by domain and username, replaced and removed', async () => {
    const { domain } = await newDomain()
    const given = { domain, username: `u-${randomUUID()}`, displayName: 'Alice', externalId: randomUUID(), foreign: 1 }
    const made = await call('POST', '/sapi/users', given)
    expect(made).toMatchObject({
      status: 201,
      body: { ...given, id: id24, role: 'user', capabilities: [], mobilePhone: [] },
    })
    const { id } = made.body
    expect((await call('GET', `/sapi/users/${id}`)).body).toEqual(made.body)
    for (const query of [
      `domain=${domain}`,
      `username=${given.username}`,
      `domain=${domain}&username=${given.username}`,
    ])
      expect((await call('GET', `/sapi/users?${query}`)).body).toEqual([made.body])
    expect((await call('GET', `/sapi/users?domain=${root}&username=${given.username}`)).body).toEqual([])

    const replaced = await call('PUT', `/sapi/users/${id}`, { domain, username: 'other', id: missing })
    expect(replaced.body).toEqual({ id, domain, username: 'other', role: 'user', capabilities: [], mobilePhone: [] })
    expect((await call('GET', `/sapi/users/${id}`)).body).toEqual(replaced.body)
    expect((await call('DELETE', `/sapi/users/${id}`)).status).toBe(204)
    expect((await call('DELETE', `/sapi/users/${id}`)).status).toBe(404)
  })

  it('are of the root where no domain is named, and of none that is unknown', async () => {
    const username = `u-${randomUUID()}`
    expect((await call('POST', '/sapi/users', { username, domain: '' })).body).toMatchObject({ domain: root })
    expect((await call('POST', '/sapi/users', { username: `u-${randomUUID()}` })).body).toMatchObject({ domain: root })
    expect((await call('POST', '/sapi/users', { username, domain: 'nowhere' })).status).toBe(400)
    expect((await call('POST', '/sapi/users', { username, domain: root })).status).toBe(409)
  })
})

describe("wac-core's SIP mappings", () => {
  const mapping = (id: string, username: string): object => ({
    ownerUri: `wac-user:${id}`,
    credential: { username, password: 'secret' },
  })

  it('are made with and without a slash, listed, replaced and removed, and never show a password', async () => {
    const { id } = await newUser()
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
    const made = await call('POST', '/sapi/sipMappings/', mapping(id, one))
    expect(made).toMatchObject({
      status: 201,
      body: { id: id24, ownerUri: `wac-user:${id}`, credential: { username: one, password: '' } },
    })
    const other = await call('POST', '/sapi/sipMappings', mapping(id, two))
    const list = `/sapi/sipMappings?ownerUri=wac-user:${id}`
    expect((await call('GET', list)).body).toHaveLength(2)

    const path = `/sapi/sipMappings/${made.body.id}`
    expect(await call('PUT', path, mapping(id, two))).toMatchObject({ status: 409 })
    expect(await call('PUT', path, mapping(id, three))).toMatchObject({
      status: 200,
      body: { credential: { username: three } },
    })
    expect((await call('POST', '/sapi/sipMappings', mapping(id, one))).status).toBe(201)
    expect((await call('DELETE', `/sapi/sipMappings/${other.body.id}`)).status).toBe(204)
    const names = (await call('GET', list)).body.map(
      (each: { credential: { username: string } }) => each.credential.username,
    )
    expect(names.toSorted()).toEqual([one, three].toSorted())
  })

  it('go with their user', async () => {
    const { id } = await newUser()
    const username = randomUUID()
    await call('POST', '/sapi/sipMappings', mapping(id, username))
    expect((await call('POST', '/sapi/sipMappings', mapping((await newUser()).id, username))).status).toBe(409)
    await call('DELETE', `/sapi/users/${id}`)
    expect((await call('GET', `/sapi/sipMappings?ownerUri=wac-user:${id}`)).body).toEqual([])
    expect((await call('POST', '/sapi/sipMappings', mapping((await newUser()).id, username))).status).toBe(201)
  })
})

describe('wac-core refuses', () => {
  it.each([
    ['POST', '/sapi/users', {}],
    ['POST', '/sapi/users', []],
    ['POST', '/sapi/users', { username: 7 }],
    ['POST', '/sapi/users', { username: 'a\u0000b' }],
    ['POST', '/sapi/users', { username: 'alice', mobilePhone: '+34' }],
    ['POST', '/sapi/users', '{"username":'],
    ['POST', '/sapi/users', 'null'],
    ['POST', '/sapi/domains', { domain: '' }],
    ['POST', '/sapi/domains', { domain: 'a', services: { contacts: 'wac' } }],
    ['POST', '/sapi/sipMappings', { ownerUri: 'nobody', credential: { username: '205' } }],
    ['POST', '/sapi/sipMappings', { ownerUri: `wac-user:${missing}` }],
    ['GET', '/sapi/users?domain=a&domain=b', undefined],
  ])('%s %s with %j: 400', async (method, path, body) => {
    expect(await call(method, path, body)).toMatchObject({ status: 400, body: { error: expect.stringMatching(/./) } })
  })

  it.each([
    ['GET', '/sapi/users/nonsense', undefined],
    ['PUT', `/sapi/users/${missing}`, { username: 'alice' }],
    ['DELETE', `/sapi/users/${missing}`, undefined],
    ['PUT', `/sapi/domains/${missing}`, { domain: 'a' }],
    ['DELETE', `/sapi/domains/${missing}`, undefined],
    ['POST', '/sapi/sipMappings', { ownerUri: `wac-user:${missing}`, credential: { username: '205' } }],
    ['PUT', `/sapi/sipMappings/${missing}`, { ownerUri: `wac-user:${missing}`, credential: { username: '205' } }],
    ['DELETE', `/sapi/sipMappings/${missing}`, undefined],
    ['GET', '/sapi/nothing', undefined],
    ['PATCH', `/sapi/users/${missing}`, {}],
    ['GET', '/users', undefined],
  ])('%s %s: 404', async (method, path, body) => {
    expect(await call(method, path, body)).toMatchObject({ status: 404, body: { error: expect.stringMatching(/./) } })
  })

  it('who brings no token, or another', async () => {
    for (const path of ['/sapi/users', '/sapi/nothing', '/faults']) {
      expect(await call('GET', path, undefined, { authorization: '' })).toMatchObject({
        status: 401,
        body: { error: expect.any(String) },
      })
      expect(await call('GET', path, undefined, { authorization: 'Basic x' })).toMatchObject({ status: 401 })
      expect(await call('GET', path, undefined, { authorization: 'Bearer x' })).toMatchObject({
        status: 403,
        body: { error: expect.any(String) },
      })
    }
  })

  it('what is not JSON, and what is too large', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await call('POST', '/sapi/users', 'username=alice', form)).toMatchObject({
      status: 415,
      body: { error: expect.any(String) },
    })
    const large = { username: 'alice', displayName: 'x'.repeat(2_000_000) }
    expect(await call('POST', '/sapi/users', large)).toMatchObject({ status: 413, body: { error: expect.any(String) } })
  })
})

describe('wac-core says', () => {
  it('what it is capable of', async () => {
    const capabilities = { domain: expect.arrayContaining(['call']), user: expect.arrayContaining(['call']) }
    for (const path of ['/sapi/capabilities/', '/sapi/capabilities'])
      expect(await call('GET', path)).toMatchObject({ status: 200, body: capabilities })
  })

  it('that it is well, to anybody', async () => {
    expect(await call('GET', '/health', undefined, { authorization: '' })).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    })
  })
})

describe('Faults', () => {
  it('are ordered, listed and cleared over HTTP', async () => {
    const fault = { route: 'POST /users', times: 2, status: 503 }
    expect(await call('POST', '/faults', fault)).toMatchObject({ status: 201, body: [fault] })
    expect((await call('GET', '/sapi/users')).status).toBe(200)
    expect((await call('POST', '/sapi/users', { username: 'alice' })).status).toBe(503)
    expect((await call('GET', '/faults')).body).toEqual([{ ...fault, times: 1 }])
    expect((await call('POST', '/sapi/users', { username: 'alice' })).status).toBe(503)
    expect((await call('GET', '/faults')).body).toEqual([])
    await call('POST', '/faults', { status: 500 })
    expect((await call('DELETE', '/faults')).status).toBe(204)
    expect((await call('GET', '/sapi/users')).status).toBe(200)
  })

  it.each([
    {},
    { times: 1 },
    { route: 'POST /users' },
    { route: 'POST /nothing', status: 500 },
    { status: 99 },
    { drop: 'later' },
    { latencyMs: -1 },
    { refuseMs: 10, status: 500 },
    { nonsense: true, status: 500 },
  ])('are not ordered by %j', async (order) => {
    expect((await call('POST', '/faults', order)).status).toBe(400)
    expect((await call('GET', '/faults')).body).toEqual([])
  })

  it('are answers instead of the work: a status, JSON, rubbish, a page for people', async () => {
    const answers = [
      [{ status: 500 }, 500, 'application/json', '{"error":"This fault was ordered."}'],
      [{ status: 200, body: { rubbish: true } }, 200, 'application/json', '{"rubbish":true}'],
      [{ body: 'rubbish' }, 200, 'application/json', 'rubbish'],
      [{ status: 502, body: '<html>' }, 502, 'text/html', '<html>'],
    ] as const
    for (const [fault, status, type, text] of answers) {
      server.faults.order({ ...fault, times: 1 })
      const username = `u-${randomUUID()}`
      const reply = await call('POST', '/sapi/users', { username })
      expect(reply).toMatchObject({ status, type: expect.stringContaining(type), text })
      expect((await call('GET', `/sapi/users?username=${username}`)).body).toEqual([])
    }
  })

  it('are latency, before the work or before another fault', async () => {
    server.faults.order({ latencyMs: 200, times: 1 })
    server.faults.order({ latencyMs: 200, status: 500, times: 1 })
    for (const status of [200, 500]) {
      const begun = performance.now()
      expect((await call('GET', '/sapi/users')).status).toBe(status)
      expect(performance.now() - begun).toBeGreaterThan(190)
    }
  })

  it('are a connection that is dropped before the work, or after it', async () => {
    for (const [drop, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      server.faults.order({ route: 'POST /users', drop, times: 1 })
      const username = `u-${randomUUID()}`
      await expect(call('POST', '/sapi/users', { username })).rejects.toThrow()
      expect((await call('GET', `/sapi/users?username=${username}`)).body).toHaveLength(count)
    }
  })

  it('are connections that are refused for a while', async () => {
    expect((await call('POST', '/faults', { refuseMs: 1000 })).status).toBe(201)
    const begun = performance.now()
    const outcomes: string[] = []
    while (outcomes.at(-1) !== 'answered') {
      const outcome = await call('GET', '/health').then(
        () => 'answered',
        (error: unknown) => (error as { cause?: { code?: string } }).cause?.code ?? 'unknown',
      )
      if (outcomes.at(-1) !== outcome) outcomes.push(outcome)
      if (performance.now() - begun > 10_000) throw new Error('it did not come back')
    }
    expect(outcomes).toContain('ECONNREFUSED')
  })
})

describe('A stop', () => {
  it('waits for no fault, and what was written is there for the next start', async () => {
    const { databaseUrl, token } = server
    const second = await startWacCoreSandbox({ databaseUrl, token, port: 0 })
    const { username } = await newUser()
    second.faults.order({ latencyMs: 60_000 })
    const hanging = fetch(`${second.url}/users`, { headers: { authorization: `Bearer ${token}` } }).catch(() => 'cut')
    const begun = performance.now()
    await second.stop()
    expect(await hanging).toBe('cut')
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect((await call('GET', `/sapi/users?username=${username}`)).body).toHaveLength(1)
  })
})
