import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { CannotRun } from '../cannot-run.ts'
import { ServiceAway } from './service-away.ts'
import { ServiceClient } from './service-client.ts'

const token = 'a.secret.token'
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function clientOf(listener: RequestListener, timeout?: number): Promise<ServiceClient> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return new ServiceClient(
    { url: `http://127.0.0.1:${port ?? 0}/kitter`, urlSource: '--url', token, tokenSource: 'KITTER_TOKEN' },
    timeout,
  )
}

async function answering(status: number, body: unknown, headers: Record<string, string> = {}): Promise<ServiceClient> {
  return clientOf((_request, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}

async function failureOf(client: ServiceClient): Promise<unknown> {
  return client.send({ method: 'GET', path: '/domains' }).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const kitterError = (code: string, error: string) => ({ error, code, request_id: 'r' })

describe('ServiceClient', () => {
  it('sends kitter what it wants', async () => {
    const seen: unknown[] = []
    const client = await clientOf((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization, request.headers['content-type'])
      seen.push(request.headers['idempotency-key'])
      response.writeHead(201).end('{"user":{}}')
    })
    const answer = await client.send({ method: 'POST', path: '/users', body: { user: {} }, idempotencyKey: 'once' })
    expect(seen).toEqual(['POST', '/kitter/users', `Bearer ${token}`, 'application/json', 'once'])
    expect(answer).toMatchObject({ status: 201, body: { user: {} } })
  })

  it.each([400, 404, 409, 500])('returns %i, which is about one request', async (status) => {
    const client = await answering(status, kitterError('some.code', 'No.'))
    expect(await client.send({ method: 'GET', path: '/' })).toMatchObject({
      status,
      code: 'some.code',
      sentence: 'No.',
    })
  })

  it("returns kitter's own 502 and 504", async () => {
    for (const status of [502, 504]) {
      const client = await answering(status, kitterError('operation.unfinished', 'Look later.'))
      expect(await client.send({ method: 'GET', path: '/' })).toMatchObject({ status, sentence: 'Look later.' })
    }
  })

  it.each([
    [503, kitterError('service.unavailable', 'Keycloak is away.'), 'answers 503: Keycloak is away'],
    [429, kitterError('too_many', 'Slower.'), 'answers 429: Slower'],
    [
      409,
      kitterError('operation.in_progress', 'Another change is under way.'),
      'answers 409: Another change is under way',
    ],
    [502, '<html>Bad gateway</html>', 'answers 502: The service answered 502 without saying why'],
    [504, '', 'answers 504: The service answered 504 without saying why'],
  ])('takes %i as a service that is away', async (status, body, doing) => {
    const failure = await failureOf(await answering(status, body, { 'retry-after': '7' }))
    expect(failure).toBeInstanceOf(ServiceAway)
    expect(failure).toMatchObject({ doing, answered: true, retryAfter: 7 })
  })

  it('understands a date as Retry-After', async () => {
    const date = new Date(Date.now() + 100_000).toUTCString()
    const failure = await failureOf(await answering(503, kitterError('x', 'No.'), { 'retry-after': date }))
    expect(failure).toHaveProperty(
      'retryAfter',
      expect.toSatisfy((seconds: number) => seconds > 90 && seconds <= 100),
    )
  })

  it.each([
    [401, 'does not take the token from KITTER_TOKEN: It expired.'],
    [403, 'does not let the token from KITTER_TOKEN do this: It expired.'],
  ])('gives up on %i', async (status, sentence) => {
    const failure = await failureOf(await answering(status, kitterError('access', 'It expired.')))
    expect(failure).toBeInstanceOf(CannotRun)
    expect(failure).toHaveProperty('message', expect.stringContaining(sentence))
  })

  it('follows no redirect', async () => {
    const failure = await failureOf(await answering(301, '', { location: 'https://example.com/kitter' }))
    expect(failure).toHaveProperty(
      'message',
      expect.stringContaining('points to https://example.com/kitter: give the URL of kitter'),
    )
  })

  it('does not wait for ever', async () => {
    const failure = await failureOf(await clientOf(() => undefined, 1000))
    expect(failure).toMatchObject({ doing: 'does not answer within 1 second', answered: false })
  })

  it('takes a dropped connection as a service that is away', async () => {
    const failure = await failureOf(await clientOf((request) => request.socket.destroy()))
    expect(failure).toMatchObject({ doing: 'breaks off connections', answered: false })
  })

  it('shows neither the token nor control characters of an answer', async () => {
    const client = await answering(400, kitterError('x', `\u001b[2J${token}\r\n\u009b31m is\u202e bad`))
    const { sentence } = await client.send({ method: 'GET', path: '/' })
    expect(sentence).toBe('[2J… 31m is  bad')
  })
})
