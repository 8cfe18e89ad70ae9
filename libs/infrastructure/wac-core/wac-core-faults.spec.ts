import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { Logger } from '@nestjs/common'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DomainError, isOutcomeUnknown } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import { type CommunicationsUser, userName } from '#core/users'
import { startTestWacCore, type TestWacCore } from '../../../test/support/wac-core.ts'
import { WacCoreCommunicationsUsers } from './wac-core-communications-users.ts'
import { newDomainSettings } from '../../core/domains/application/domain-registry.contract.ts'
import { WacCoreDomainRegistry } from './wac-core-domain-registry.ts'
import { WacCore } from './wac-core.ts'

const unavailable = { code: 'service.unavailable', details: { retryAfter: expect.any(Number) as number } }
const maybeDone = { code: 'service.unavailable', details: { outcome: 'unknown' } }
const refused = { code: 'system.refused' }

let server: TestWacCore
let wacCore: WacCore
let hasty: WacCore
let users: WacCoreCommunicationsUsers
let domain: DomainName
let logged: unknown[]

beforeAll(async () => {
  server = await startTestWacCore()
  wacCore = new WacCore({ url: server.url, token: server.token })
  hasty = new WacCore({ url: server.url, token: server.token, timeoutMs: 400 })
  users = new WacCoreCommunicationsUsers(wacCore)
  domain = parseDomainName('example.com')
  await newDomain()
})
beforeEach(() => {
  logged = []
  const note = (...line: unknown[]): void => void logged.push(line)
  Logger.overrideLogger({ log: note, error: note, warn: note })
})
afterEach(() => {
  server.faults.clear()
  Logger.overrideLogger(false)
  expect(inspect(logged, { depth: 20 })).not.toContain(server.token)
})
afterAll(async () => {
  wacCore.close()
  hasty.close()
  await server.stop()
})

function newDomain(): Promise<string> {
  return new WacCoreDomainRegistry(wacCore).create(newDomainSettings({ name: domain }))
}

function newUser(): CommunicationsUser {
  return { externalId: crypto.randomUUID(), domain, username: userName(`user-${crypto.randomUUID()}`)! }
}

async function given(): Promise<CommunicationsUser & { readonly id: string }> {
  const user = newUser()
  return { ...user, id: await users.create(user) }
}

/** The refusal, which holds the token nowhere, however deep one looks. */
async function failureOf(work: Promise<unknown>): Promise<DomainError> {
  const failure: unknown = await work.then(
    (value) => {
      throw new Error(`it was done: ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(server.token)
  expect(failure).toBeInstanceOf(DomainError)
  return failure as DomainError
}

function ordered(fault: Parameters<TestWacCore['faults']['order']>[0]): void {
  server.faults.order(fault)
}

/** Has so many connections at hand: making one takes part of the time that a call has. */
async function connected(connections: number): Promise<void> {
  const pings = () => Promise.allSettled(Array.from({ length: connections }, () => hasty.ping()))
  await expect.poll(async () => (await pings()).every(({ status }) => status === 'fulfilled')).toBe(true)
}

async function isThere({ username }: CommunicationsUser): Promise<boolean> {
  return (await server.call('GET', `users?username=${username}`)).length > 0
}

/** A port where something else listens. */
async function elsewhere(onSocket: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const other: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    other.close()
    await once(other, 'close')
  }
  return { port, [Symbol.asyncDispose]: close }
}

describe('A read', () => {
  it.each([500, 502, 503, 504])('is repeated after a %d, so that nobody sees a passing one', async (status) => {
    const { id, ...user } = await given()
    ordered({ route: 'GET /users/{id}', status, times: 2 })
    expect(await users.find(id)).toMatchObject(user)
  })

  it.each([
    [500, refused],
    [418, refused],
    [302, refused],
    [429, unavailable],
    [502, unavailable],
    [503, unavailable],
    [504, unavailable],
  ])('that is always answered with %d fails', async (status, failure) => {
    ordered({ status })
    const error = await failureOf(users.find('f'.repeat(24)))
    expect(error).toMatchObject(failure)
    expect(isOutcomeUnknown(error)).toBe(false)
    expect((error.cause as Error).message).toContain(`GET users/${'f'.repeat(24)} was answered ${status}`)
  })

  it.each([
    ['an HTML page', '<!doctype html><title>Log in</title>'],
    ['no JSON', 'OK'],
    ['nothing', ''],
    ['another shape', { error: 'not really' }],
    ['a list', []],
    ['a document without id', { username: 'alice', domain: 'example.com' }],
    ['another id than wac-core gives', { id: 7, username: 'alice', domain: 'example.com' }],
  ])('that is answered 200 with %s makes no sense', async (_, body) => {
    ordered({ status: 200, body })
    expect(await failureOf(users.find('f'.repeat(24)))).toMatchObject(refused)
  })

  it('takes a 404 as a page for people for a wrong place, not for an absent user', async () => {
    ordered({ status: 404, body: '<html>Cannot GET /sapi/users</html>' })
    expect(await failureOf(users.find('f'.repeat(24)))).toMatchObject(refused)
  })

  it('is done again when its connection is dropped', async () => {
    const { id, ...user } = await given()
    ordered({ drop: 'before', times: 2 })
    expect(await users.find(id)).toMatchObject(user)
    ordered({ drop: 'after', times: 2 })
    expect(await users.find(id)).toMatchObject(user)
    ordered({ drop: 'before' })
    expect(await failureOf(users.find(id))).toMatchObject(unavailable)
  })

  it('ends with its time-out', async () => {
    ordered({ latencyMs: 5000 })
    const begun = performance.now()
    const error = await failureOf(new WacCoreCommunicationsUsers(hasty).find('f'.repeat(24)))
    expect(error).toMatchObject(unavailable)
    expect(performance.now() - begun).toBeLessThan(1500)
  })

  it('ends with its time-out, also where an answer drips', async () => {
    await using dripping = await elsewhere((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n')
      const timer = setInterval(() => socket.write(' '), 20)
      socket.once('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    const dripped = new WacCore({ url: `http://127.0.0.1:${dripping.port}/sapi`, token: server.token, timeoutMs: 400 })
    expect(await failureOf(dripped.ping())).toMatchObject(unavailable)
    expect(performance.now() - begun).toBeLessThan(1500)
  })

  it('waits no longer than its time-out for a place among many', async () => {
    ordered({ latencyMs: 5000 })
    const begun = performance.now()
    const reads = Array.from({ length: 100 }, () => failureOf(hasty.ping()))
    for (const error of await Promise.all(reads)) expect(error).toMatchObject(unavailable)
    expect(performance.now() - begun).toBeLessThan(2500)
  })

  it('of 100 at once has at most 16 under way', async () => {
    let [most, now] = [0, 0]
    await using counting = await elsewhere((socket) => {
      socket.once('data', () => {
        most = Math.max(most, ++now)
        const body = '{"domain":[],"user":[]}'
        setTimeout(() => {
          now--
          socket.end(
            `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
          )
        }, 10)
      })
    })
    const counted = new WacCore({ url: `http://127.0.0.1:${counting.port}/sapi`, token: server.token })
    await Promise.all(Array.from({ length: 100 }, () => counted.ping()))
    expect(most).toBeGreaterThan(8)
    expect(most).toBeLessThanOrEqual(16)
  })
})

describe('A change', () => {
  it.each([
    [500, refused],
    [400, refused],
    [405, refused],
    [302, refused],
    [429, unavailable],
  ])('that is answered with %d was not made', async (status, failure) => {
    ordered({ route: 'POST /users', status })
    const error = await failureOf(users.create(newUser()))
    expect(error).toMatchObject(failure)
    expect(isOutcomeUnknown(error)).toBe(false)
  })

  it.each([502, 503, 504])('that is answered with %d may have been made, and is not made again', async (status) => {
    ordered({ route: 'POST /users', status, times: 1 })
    const user = newUser()
    expect(await failureOf(users.create(user))).toMatchObject(maybeDone)
    expect(await isThere(user)).toBe(false)
  })

  it.each([
    ['an HTML page', '<html></html>'],
    ['no JSON', 'OK'],
    ['no id', {}],
    ['another id than wac-core gives', { id: 'nonsense' }],
  ])('that is answered 200 with %s may have been made', async (_, body) => {
    ordered({ route: 'POST /users', status: 200, body })
    expect(await failureOf(users.create(newUser()))).toMatchObject(maybeDone)
  })

  it.each([200, 204])('by PUT or DELETE that is answered %d with nothing is believed', async (status) => {
    const { id, ...user } = await given()
    ordered({ status, body: '', times: 1, route: 'PUT /users/{id}' })
    ordered({ status, body: '', times: 1, route: 'DELETE /users/{id}' })
    await users.replace(id, { ...user, displayName: 'New' })
    await users.remove(id)
  })

  it.each([
    ['an HTML page', '<html></html>'],
    ['no JSON', 'OK'],
    ['another shape', { ok: 1 }],
    ['another document', { id: 'f'.repeat(24) }],
  ])('by PUT or DELETE that is answered 200 with %s, and was not made, may be made yet', async (_, body) => {
    const { id, ...user } = await given()
    ordered({ status: 200, body, route: 'PUT /users/{id}' })
    ordered({ status: 200, body, route: 'DELETE /users/{id}' })
    expect(await failureOf(users.replace(id, { ...user, displayName: 'New' }))).toMatchObject(maybeDone)
    expect(await failureOf(users.remove(id))).toMatchObject(maybeDone)
    ordered({ status: 500, route: 'GET /users/{id}' })
    expect(await failureOf(users.remove(id))).toMatchObject(maybeDone)
  })

  it('by PUT or DELETE is believed where wac-core shows it, whatever it answered', async () => {
    const { id, ...user } = await given()
    ordered({ status: 200, body: { ok: 1 }, route: 'PUT /users/{id}' })
    ordered({ status: 200, body: { ok: 1 }, route: 'DELETE /users/{id}' })
    await users.replace(id, user)
    server.faults.order({ status: 404, route: 'GET /users/{id}' })
    await users.remove(id)
  })

  it('that is answered with a page for people of 409 or 404 was refused by something else', async () => {
    const { id } = await given()
    for (const status of [404, 409]) {
      ordered({ route: 'POST /users', status, body: '<html></html>', times: 1 })
      expect(await failureOf(users.create(newUser()))).toMatchObject(refused)
      ordered({ route: 'DELETE /users/{id}', status, body: '<html></html>', times: 1 })
      expect(await failureOf(users.remove(id))).toMatchObject(refused)
    }
  })

  it('that takes too long may have been made', async () => {
    await connected(1)
    ordered({ route: 'POST /users', latencyMs: 5000 })
    const begun = performance.now()
    const error = await failureOf(new WacCoreCommunicationsUsers(hasty).create(newUser()))
    expect(error).toMatchObject(maybeDone)
    expect(performance.now() - begun).toBeLessThan(1500)
  })

  it('whose connection is dropped may have been made, and is not made again', async () => {
    const [before, after] = [newUser(), newUser()]
    ordered({ route: 'POST /users', drop: 'before', times: 1 })
    expect(await failureOf(users.create(before))).toMatchObject(maybeDone)
    ordered({ route: 'POST /users', drop: 'after', times: 1 })
    expect(await failureOf(users.create(after))).toMatchObject(maybeDone)
    expect([await isThere(before), await isThere(after)]).toEqual([false, true])
  })

  it.each(['PUT /users/{id}', 'DELETE /users/{id}'] as const)('by %s may have been made, too', async (route) => {
    const { id, ...user } = await given()
    ordered({ route, drop: 'after', times: 1 })
    const change = route.startsWith('PUT') ? users.replace(id, { ...user, displayName: 'New' }) : users.remove(id)
    expect(await failureOf(change)).toMatchObject(maybeDone)
    expect(await users.find(id)).toEqual(route.startsWith('PUT') ? { ...user, displayName: 'New' } : undefined)
  })

  it('that found nobody to connect to was surely not made', async () => {
    server.outage.begin()
    const newcomer = new WacCore({ url: server.url, token: server.token })
    const error = await failureOf(new WacCoreCommunicationsUsers(newcomer).create(newUser()))
    await server.outage.end()
    expect(error).toMatchObject(unavailable)
    expect(isOutcomeUnknown(error)).toBe(false)
    await given()
  })

  it('that got no connection in time was surely not made', async () => {
    await using silent = await elsewhere(() => undefined)
    const secure = new WacCore({ url: `https://127.0.0.1:${silent.port}/sapi`, token: server.token, timeoutMs: 400 })
    const error = await failureOf(new WacCoreCommunicationsUsers(secure).create(newUser()))
    expect(error).toMatchObject(unavailable)
    expect(isOutcomeUnknown(error)).toBe(false)
  })

  it('that waited in vain for a place was surely not made', async () => {
    await connected(16)
    ordered({ latencyMs: 5000 })
    const creator = new WacCoreCommunicationsUsers(hasty)
    const errors = await Promise.all(Array.from({ length: 20 }, () => failureOf(creator.create(newUser()))))
    expect(errors.filter(isOutcomeUnknown)).toHaveLength(16)
    for (const error of errors) expect(error).toMatchObject(unavailable)
  })
})

describe('Connections', () => {
  it('are used again', async () => {
    let connections = 0
    await using counting = await elsewhere((socket) => {
      connections++
      const body = '{"domain":[],"user":[]}'
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
      socket.on('data', () => socket.write(head + body))
    })
    const other = new WacCore({ url: `http://127.0.0.1:${counting.port}/sapi`, token: server.token })
    for (let call = 0; call < 10; call++) await other.ping()
    expect(connections).toBe(1)
    other.close()
  })

  it('that wac-core has closed meanwhile hurt no read, and none that comes back to life', async () => {
    await Promise.all(Array.from({ length: 16 }, () => wacCore.ping()))
    server.outage.begin()
    expect(await failureOf(hasty.ping())).toMatchObject(unavailable)
    await server.outage.end()
    await Promise.all(Array.from({ length: 16 }, () => wacCore.ping()))
  })
})

describe('The token', () => {
  it.each([401, 403])('that is refused with %d is told to the operator, and not shown', async (status) => {
    ordered({ status })
    const message: unknown = expect.stringContaining('refuses the token of WAC_CORE_TOKEN')
    expect(await failureOf(users.find('f'.repeat(24)))).toMatchObject({ ...refused, cause: { message } })
    expect(await failureOf(users.create(newUser()))).toMatchObject({ ...refused, cause: { message } })
  })

  it('that is wrong is refused by wac-core itself', async () => {
    const wrong = new WacCore({ url: server.url, token: 'nonsense' })
    expect(await failureOf(wrong.ping())).toMatchObject(refused)
  })

  it('is in no error, also where wac-core repeats it, and neither is a SIP password', async () => {
    const { id } = await given()
    const password = 'very "secret"'
    const body = { error: `Bearer ${server.token} may not set ${JSON.stringify({ password })} or ${password}` }
    ordered({ route: 'POST /sipMappings', status: 422, body })
    const error = await failureOf(users.map(id, { username: '205', password }))
    expect(error).toMatchObject(refused)
    expect(inspect(error, { depth: 20 })).not.toMatch(/very|secret/)
    expect((error.cause as Error).message).toContain('may not set')
  })
})

describe('A redirection', () => {
  it('is not followed, for the token would go with it', async () => {
    let visitors = 0
    await using target = await elsewhere(() => visitors++)
    await using redirecting = await elsewhere((socket) => {
      socket.once('data', () =>
        socket.end(`HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:${target.port}/\r\ncontent-length: 0\r\n\r\n`),
      )
    })
    const redirected = new WacCore({ url: `http://127.0.0.1:${redirecting.port}/sapi`, token: server.token })
    expect(await failureOf(redirected.ping())).toMatchObject(refused)
    expect(visitors).toBe(0)
  })
})

describe('wac-core that comes back', () => {
  it('is used at once', async () => {
    server.outage.begin()
    expect(await failureOf(hasty.ping())).toMatchObject(unavailable)
    await server.outage.end()
    await wacCore.ping()
  })
})
