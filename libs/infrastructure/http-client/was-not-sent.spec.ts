import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { wasNotSent } from './was-not-sent.ts'

async function failureOf(url: string): Promise<unknown> {
  return fetch(url).then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('A request that failed', () => {
  it('was not sent where nobody listens, or nobody is', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    server.close()
    expect(wasNotSent(await failureOf(`http://127.0.0.1:${port}`))).toBe(true)
    expect(wasNotSent(await failureOf('http://nobody.invalid'))).toBe(true)
  })

  it('may have been sent where the connection stood', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    expect(wasNotSent(await failureOf(`http://127.0.0.1:${port}`))).toBe(false)
    server.close()
    expect(wasNotSent(new Error('of another kind'))).toBe(false)
    expect(wasNotSent('no error')).toBe(false)
  })
})
