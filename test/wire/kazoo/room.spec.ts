import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '#infrastructure/http'
import { addManyUsers } from '../../../libs/dialects/kazoo/infrastructure/many-users.fixture.ts'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
/** Of one replica: rooms are those of each. */
let url: string
let viewer: string
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  url = kazoo.kitter.url
  viewer = await kazoo.kitter.token('kitter-viewer')
})
afterAll(() => resources.disposeAsync())

/** Somebody who begins to get an answer, and never reads it. */
async function neverReads(path: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  resources.defer(() => void socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nhost: kitter\r\nx-auth-token: ${token}\r\n\r\n`)
  await once(socket, 'readable')
  return socket
}

async function get(path: string, token: string): Promise<number> {
  const answer = await fetch(`${url}${path}`, { headers: { 'x-auth-token': token } })
  await answer.arrayBuffer()
  return answer.status
}

/** Whoever asks waits as long as those don't read; somebody else doesn't; and once one of those is gone, nobody does. */
async function expectRoom(path: string, unread: readonly Socket[]): Promise<void> {
  let isAnswered = false
  const waiting = get(path, kazoo.kitter.adminToken).finally(() => (isAnswered = true))
  for (let count = 0; count < 3; count += 1) expect(await get(path, viewer)).toBe(200)
  expect(isAnswered).toBe(false)
  unread[0]?.destroy()
  expect(await waiting).toBe(200)
  for (const socket of unread) socket.destroy()
}

describe('Who does not read', () => {
  it('gets no more than two photos at once, and keeps nobody else from theirs', async () => {
    const path = `${await kazoo.user(account)}/photo`
    const headers = { 'content-type': 'image/png' }
    expect((await kazoo.call('POST', path, { headers, raw: Buffer.alloc(8_000_000) })).status).toBe(200)
    const { adminToken } = kazoo.kitter
    await expectRoom(path, [await neverReads(path, adminToken), await neverReads(path, adminToken)])
  })

  it('gets one long list at once, and usual pages as ever', async () => {
    await addManyUsers(kazoo.look, account.domain, 3000, { flags: ['x'.repeat(9000)] })
    for (const asked of ['paginate=false', 'page_size=1000', 'page_size=1&page_size=101']) {
      const path = `${account.users}?${asked}`
      const unread = [await neverReads(`${account.users}?page_size=1000`, kazoo.kitter.adminToken)]
      for (const few of ['', '?page_size=100', '?page_size=1000&page_size=1'])
        expect(await get(`${account.users}${few}`, kazoo.kitter.adminToken)).toBe(200)
      await expectRoom(path, unread)
    }
  })
})

describe('An upload that does not come to its end', () => {
  let hurried: KazooClient
  let path: string
  let log: string
  beforeEach(async () => {
    log = ''
    const destination = new Writable({
      write: (line: Buffer, _, done) => {
        log += line.toString()
        done()
      },
    })
    const logger = createLogger({ level: 'info', readable: false }, destination)
    hurried = await KazooClient.start({}, undefined, logger, { requestSeconds: 0.5 })
    path = `${await hurried.user(await hurried.account())}/photo`
  })
  afterEach(() => hurried[Symbol.asyncDispose]())

  const begin = (place: string): Socket => {
    const { hostname, port } = new URL(place)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.on('error', () => undefined)
    const head = ['host: kitter', `x-auth-token: ${hurried.kitter.adminToken}`, 'content-type: image/png']
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\ncontent-length: 1000000\r\n\r\nx`)
    return socket
  }

  /** The next has its place, and the one before was no fault of kitter's and changed nothing. */
  const expectNothing = async (place: string): Promise<void> => {
    const headers = { 'content-type': 'image/png', 'x-auth-token': hurried.kitter.adminToken }
    const next = await fetch(`${place}${path}`, { method: 'POST', headers, body: 'x' })
    expect(next.status).toBe(200)
    expect(log).toContain('"status":201')
    expect(log).not.toMatch(/"level":"?(error|50)|internal/)
    expect(await hurried.toldOf(path.replace(/\/photo$/, ''))).toEqual(['user.create done', 'kazoo.photo.put done'])
  }

  it('for it comes too slowly is told so and cut off, also where its sender goes on', async () => {
    const place = hurried.kitter.url
    const socket = begin(place)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    const drip = setInterval(() => socket.write('x'), 50)
    await closed
    clearInterval(drip)
    expect(answer).toContain('400 Bad Request')
    await expectNothing(place)
  })

  it('for its sender hangs up changes nothing', async () => {
    const place = hurried.kitter.url
    const socket = begin(place)
    // by then kitter waits for the rest
    expect((await hurried.call('GET', path)).status).toBe(404)
    socket.resetAndDestroy()
    await expectNothing(place)
  })
})
