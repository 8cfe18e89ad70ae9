import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { Places } from '#infrastructure/places'
import { RoomForBytes } from './room-for-bytes.ts'

const resources: AsyncDisposableStack[] = []
afterEach(() => resources.pop()?.disposeAsync())

/** A server that lets requests in as there is room, and answers when it's told to. */
async function serverWith(room: RoomForBytes) {
  const inside: ServerResponse[] = []
  const server = createServer((_, response) => {
    room.enter(response).then(
      () => inside.push(response),
      (error: unknown) => response.writeHead(503).end(String(error)),
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
  const ask = (signal?: AbortSignal) => fetch(`http://127.0.0.1:${port}`, { method: 'POST', signal: signal ?? null })
  return { inside, ask }
}

it('lets so many in, and the next when one has been answered', async () => {
  const { inside, ask } = await serverWith(new RoomForBytes(new Places(2, 60_000)))
  const answers = [ask(), ask(), ask()]
  await expect.poll(() => inside.length).toBe(2)
  inside[0]?.end('first')
  await expect.poll(() => inside.length).toBe(3)
  for (const response of inside) response.end()
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200])
})

it('has room again when a sender is gone', async () => {
  const { inside, ask } = await serverWith(new RoomForBytes(new Places(1, 60_000)))
  const gone = new AbortController()
  const first = ask(gone.signal)
  await expect.poll(() => inside.length).toBe(1)
  const second = ask()
  gone.abort()
  await expect(first).rejects.toThrow()
  await expect.poll(() => inside.length).toBe(2)
  inside[1]?.end()
  expect((await second).status).toBe(200)
})

it('says to whoever waits too long that there are too many', async () => {
  const { inside, ask } = await serverWith(new RoomForBytes(new Places(1, 20)))
  const first = ask()
  await expect.poll(() => inside.length).toBe(1)
  const late = await ask()
  expect([late.status, await late.text()]).toEqual([503, expect.stringContaining('Try again')])
  inside[0]?.end()
  expect((await first).status).toBe(200)
  const next = ask()
  await expect.poll(() => inside.length).toBe(2)
  inside[1]?.end()
  expect((await next).status).toBe(200)
})
