import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { tooManyBodies } from '#rest'
import { noteAnswer, RoomForBytes } from './room-for-bytes.ts'

const resources: AsyncDisposableStack[] = []
afterEach(() => resources.pop()?.disposeAsync())

interface Limits {
  readonly atOnce?: number
  readonly ofEach?: number
  readonly longestWaitMs?: number
  readonly longestStayMs?: number
  /** How many rooms a request needs, one after the other. */
  readonly rooms?: number
}

function answer(response: ServerResponse | undefined, body?: string | Buffer): void {
  if (response === undefined) throw new Error('nobody was let in')
  noteAnswer(response)
  response.end(body)
}

/** A server that lets requests in as there is room, and answers when it's told to. The path says who calls. */
async function serverWith({
  atOnce = 1,
  ofEach = 9,
  longestWaitMs = 60_000,
  longestStayMs = 60_000,
  rooms: count = 1,
}: Limits = {}) {
  const limits = { atOnce, ofEach, longestWaitMs, longestStayMs }
  const rooms = Array.from({ length: count }, () => new RoomForBytes(limits, tooManyBodies))
  const enterAll = async ({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const room of rooms) await room.enter(url, response)
  }
  const arrived: IncomingMessage[] = []
  const inside: ServerResponse[] = []
  const server = createServer((request, response) => {
    arrived.push(request)
    enterAll(request, response).then(
      () => inside.push(response),
      (error: unknown) => {
        response.writeHead(503)
        answer(response, String(error))
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stack = new AsyncDisposableStack()
  stack.defer(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  resources.push(stack)
  const { port } = server.address() as AddressInfo
  const ask = (caller = 'somebody', signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/${caller}`, { method: 'POST', signal: signal ?? null })
  /** Somebody who asks so often on one connection, and reads no answer. */
  const askDeafly = (times = 1): Socket => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    stack.defer(() => void socket.destroy())
    socket.pause()
    socket.write('GET /deaf HTTP/1.1\r\nhost: kitter\r\n\r\n'.repeat(times))
    return socket
  }
  return { arrived, inside, ask, askDeafly }
}

it('lets so many in, and the next when one has been answered', async () => {
  const { inside, ask } = await serverWith({ atOnce: 2 })
  const answers = [ask(), ask(), ask()]
  await expect.poll(() => inside.length).toBe(2)
  answer(inside[0], 'first')
  await expect.poll(() => inside.length).toBe(3)
  for (const response of inside) answer(response)
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200])
})

it('has room again in each of the rooms that a request needed', async () => {
  const { inside, ask } = await serverWith({ rooms: 2 })
  const answers = [ask(), ask()]
  await expect.poll(() => inside.length).toBe(1)
  answer(inside[0])
  await expect.poll(() => inside.length).toBe(2)
  answer(inside[1])
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
})

it('lets so many of each caller in, and others before the rest of them', async () => {
  const { inside, ask } = await serverWith({ atOnce: 2, ofEach: 1 })
  const first = ask('a')
  await expect.poll(() => inside.length).toBe(1)
  const second = ask('a')
  const other = ask('b')
  await expect.poll(() => inside.map(({ req }) => req.url)).toEqual(['/a', '/b'])
  for (const response of inside) answer(response)
  await expect.poll(() => inside.map(({ req }) => req.url)).toEqual(['/a', '/b', '/a'])
  answer(inside[2])
  expect((await Promise.all([first, second, other])).map(({ status }) => status)).toEqual([200, 200, 200])
})

it('has room again when a sender is gone, once no answer is made for them any more', async () => {
  const { inside, ask } = await serverWith()
  const gone = new AbortController()
  const first = ask('a', gone.signal)
  await expect.poll(() => inside.length).toBe(1)
  const second = ask()
  gone.abort()
  await expect(first).rejects.toThrow()
  await expect.poll(() => inside[0]?.req.socket.destroyed).toBe(true)
  expect(inside.length).toBe(1)
  answer(inside[0])
  await expect.poll(() => inside.length).toBe(2)
  answer(inside[1])
  expect((await second).status).toBe(200)
})

it('has room again when somebody is gone who waited for the answers to several requests', async () => {
  const { inside, ask, askDeafly } = await serverWith({ atOnce: 2 })
  const deaf = askDeafly(2)
  await expect.poll(() => inside.length).toBe(2)
  const next = [ask(), ask()]
  deaf.destroy()
  for (const response of inside) answer(response)
  await expect.poll(() => inside.length).toBe(4)
  for (const response of inside) answer(response)
  expect((await Promise.all(next)).map(({ status }) => status)).toEqual([200, 200])
})

it('cuts off who does not read an answer, and lets the next in', async () => {
  // the next has as long to be answered
  const { inside, ask, askDeafly } = await serverWith({ longestStayMs: 1000 })
  const deaf = askDeafly()
  await expect.poll(() => inside.length).toBe(1)
  answer(inside[0], Buffer.alloc(64 * 1024 * 1024))
  const next = ask()
  await expect.poll(() => inside.length, { timeout: 10_000, interval: 10 }).toBe(2)
  expect([inside[0]?.req.socket.destroyed, deaf.bytesRead]).toEqual([true, 0])
  answer(inside[1])
  expect((await next).status).toBe(200)
})

it('lets nobody in who is gone', async () => {
  const { arrived, inside, ask, askDeafly } = await serverWith()
  const first = ask()
  await expect.poll(() => inside.length).toBe(1)
  const left = askDeafly()
  await expect.poll(() => arrived.length).toBe(2)
  left.resetAndDestroy()
  await expect.poll(() => arrived[1]?.socket.destroyed).toBe(true)
  const next = ask()
  answer(inside[0])
  expect((await first).status).toBe(200)
  await expect.poll(() => inside.length).toBe(2)
  answer(inside[1])
  expect([(await next).status, inside.map(({ req }) => req.url)]).toEqual([200, ['/somebody', '/somebody']])
})

it('says to whoever waits too long that there are too many', async () => {
  const { inside, ask } = await serverWith({ longestWaitMs: 20 })
  const first = ask()
  await expect.poll(() => inside.length).toBe(1)
  const late = await ask()
  expect([late.status, await late.text()]).toEqual([503, expect.stringContaining('Try again')])
  answer(inside[0])
  expect((await first).status).toBe(200)
  const next = ask()
  await expect.poll(() => inside.length).toBe(2)
  answer(inside[1])
  expect((await next).status).toBe(200)
})
