import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { HttpService } from '@nestjs/axios'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '#kernel'
import { JsonRpc } from './json-rpc.ts'
import { KamailioSipProxy } from './kamailio-sip-proxy.ts'
import { Silence } from './silence.fixture.ts'
import { closedPort } from './test-htable.fixture.ts'

interface Answer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What stands where Kamailio should; `drop` ends the connection instead of answering. */
let answers: (Answer | 'drop')[]
let questions: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: unknown }[]
let server: Server
let host: string

beforeEach(async () => {
  ;[answers, questions] = [[], []]
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString()))
    request.on('end', () => {
      questions.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(text) as unknown })
      const answer = answers.shift() ?? {}
      if (answer === 'drop') request.socket.destroy()
      else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? result('Ok. Htable reloaded.'))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => server.close())

const result = (value: unknown): string => JSON.stringify({ jsonrpc: '2.0', result: value, id: 1 })
const sipProxy = (url = `http://${host}/RPC`): KamailioSipProxy => new KamailioSipProxy(new JsonRpc(url))
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it was done'),
    (error: unknown) => error,
  )

describe('a reload', () => {
  it('is one question', async () => {
    await sipProxy().reload('translation')
    expect(questions).toMatchObject([
      { url: '/RPC', body: { jsonrpc: '2.0', method: 'htable.reload', params: ['translation'], id: 1 } },
    ])
    expect(questions[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(questions[0]?.headers.authorization).toBeUndefined()
  })

  it('is asked for again where the answer was lost', async () => {
    answers = ['drop']
    await sipProxy().reload('translation')
    expect(questions).toHaveLength(2)
  })

  it('is given up after the second, without saying that nothing was done', async () => {
    answers = ['drop', 'drop']
    expect(await failureOf(sipProxy().reload('translation'))).toMatchObject({
      kind: 'unavailable',
      code: 'service.unavailable',
      message: 'The sip-proxy did not answer in time.',
      details: { retryAfter: 5, outcome: 'unknown' },
    })
    expect(questions).toHaveLength(2)
  })

  it.each([502, 503, 504])('is asked for again where a gateway says %d', async (status) => {
    answers = [{ status, body: '<html>' }]
    await sipProxy().reload('translation')
    answers = [
      { status, body: '<html>' },
      { status, body: '<html>' },
    ]
    expect(await failureOf(sipProxy().reload('translation'))).toMatchObject({ code: 'service.unavailable' })
  })

  it('waits no longer than its time-out', async () => {
    await using silence = await Silence.start()
    const rpc = new JsonRpc(`http://127.0.0.1:${silence.port}/RPC`, new HttpService(), 200)
    expect(await failureOf(new KamailioSipProxy(rpc).reload('translation'))).toMatchObject({
      code: 'service.unavailable',
      cause: { message: 'it did not answer in time' },
    })
    expect(silence.visits).toBe(2)
  })

  it('is refused with the reason', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', error: { code: 500, message: 'No such htable' }, id: 1 })
    for (const status of [200, 500]) {
      answers = [{ status, body }]
      expect(await failureOf(sipProxy().reload('translation'))).toMatchObject({
        kind: 'refused_elsewhere',
        code: 'system.refused',
        cause: { message: 'it answers htable.reload with 500 No such htable' },
      })
    }
    expect(questions).toHaveLength(2)
  })

  it.each<Answer>([
    { body: '<html>Welcome</html>' },
    { body: '' },
    { body: '[]' },
    { body: 'null' },
    { body: '{}' },
    { body: '{"jsonrpc":"2.0","error":"no","id":1}' },
    { status: 404, body: '<html>' },
    { status: 401, body: '' },
    { status: 500, body: '{"result":"Ok."}' },
    { status: 302, headers: { location: '/elsewhere' } },
  ])('whose answer is %j is refused', async (answer) => {
    answers = [answer]
    const failure = await failureOf(sipProxy().reload('translation'))
    const message = `it answers with HTTP ${answer.status ?? 200} and no JSON-RPC`
    expect(failure).toMatchObject({ code: 'system.refused', cause: { message } })
    expect(questions).toHaveLength(1)
  })
})

describe('an address', () => {
  const secret = 'se cret/@:%'

  it('may have a user and a password, which are sent and never shown', async () => {
    const address = `http://kitter:${encodeURIComponent(secret)}@${host}/RPC`
    await sipProxy(address).reload('translation')
    const authorization = `Basic ${Buffer.from(`kitter:${secret}`).toString('base64')}`
    expect(questions[0]).toMatchObject({ url: '/RPC', headers: { authorization } })

    const elsewhere = address.replace(host, `127.0.0.1:${await closedPort()}`)
    answers = [{ status: 401, body: '' }, 'drop', 'drop']
    for (const url of [address, address, elsewhere]) {
      const shown = inspect(await failureOf(sipProxy(url).reload('translation')), { depth: null, showHidden: true })
      for (const word of [secret, encodeURIComponent(secret), authorization.slice(6)]) expect(shown).not.toContain(word)
    }
  })

  it('at which nobody listens does not answer, and nothing was changed', async () => {
    const port = await closedPort()
    for (const name of ['127.0.0.1', 'localhost']) {
      const failure = await failureOf(sipProxy(`http://${name}:${port}/RPC`).reload('translation'))
      expect(failure).toMatchObject({ message: 'The sip-proxy does not answer. Nothing was changed.' })
      expect(failure).toHaveProperty('cause.message', expect.stringContaining('ECONNREFUSED'))
    }
    const failure = await failureOf(sipProxy('http://nowhere.invalid/RPC').reload('translation'))
    expect(failure).toMatchObject({ message: 'The sip-proxy does not answer. Nothing was changed.' })
  })

  it.each(['rubbish', '', 'ftp://host/RPC', `http://a:${secret}@`, 'http://a:se-cret%zz@host/RPC'])(
    '%j is none, and is not repeated',
    (url) => {
      const failure = (() => {
        try {
          return new JsonRpc(url)
        } catch (error) {
          return error
        }
      })()
      expect(failure).toBeInstanceOf(StartError)
      expect(String(failure)).toMatch(/^StartError: SIP_PROXY_URL must be a URL like/)
      expect(inspect(failure, { depth: null, showHidden: true })).not.toMatch(/se.cret/)
    },
  )
})
