import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Finding } from '#core/health'
import { startTestWacCore, type TestWacCore } from '../../../test/support/wac-core.ts'
import { examineWacCore } from './examine-wac-core.ts'
import { WacCore } from './wac-core.ts'

let server: TestWacCore

beforeAll(async () => {
  server = await startTestWacCore()
})
afterEach(async () => {
  server.faults.clear()
  expect(await probesLeft()).toEqual([])
})
afterAll(() => server.stop())

async function probesLeft(): Promise<readonly unknown[]> {
  const users: { username: string }[] = await server.call('GET', 'users')
  return users.filter(({ username }) => username.startsWith('kitter-doctor-'))
}

async function findings(settings: { url?: string; token?: string } = {}): Promise<readonly Finding[]> {
  const wacCore = new WacCore({ url: server.url, token: server.token, timeoutMs: 1000, ...settings })
  const all: Finding[] = []
  for await (const finding of examineWacCore(wacCore)) all.push(finding)
  wacCore.close()
  expect(JSON.stringify(all)).not.toContain(server.token)
  for (const { state, mend } of all) expect(mend === undefined).toBe(state === 'right')
  return all
}

async function troubles(settings: { url?: string; token?: string } = {}): Promise<readonly Finding[]> {
  return (await findings(settings)).filter(({ state }) => state !== 'right')
}

/** A wac-core that says what the test wants. */
async function answering(
  answer: (
    method: string,
    path: string,
    body: string,
  ) => { status?: number; type?: string; date?: string; body: unknown },
): Promise<AsyncDisposable & { readonly url: string }> {
  const other: Server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { status = 200, type = 'application/json', date, body } = answer(request.method!, request.url!, text)
      response.writeHead(status, { 'content-type': type, ...(date !== undefined && { date }) })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/sapi`, [Symbol.asyncDispose]: () => Promise.resolve(void other.close()) }
}

describe('kitter doctor, of wac-core,', () => {
  it('says of an empty one that it has no root yet', async () => {
    expect(await troubles()).toEqual([
      {
        state: 'doubtful',
        sentence: 'wac-core has no root domain yet.',
        mend: expect.stringContaining('Start kitter'),
      },
    ])
    await server.call('POST', 'domains', { domain: 'quobis' })
  })

  it('says what is right', async () => {
    expect(await findings()).toEqual([
      { state: 'right', sentence: expect.stringMatching(/^wac-core at http:\/\/127\S+\/sapi answers in \d+ ms\.$/) },
      { state: 'right', sentence: 'wac-core accepts WAC_CORE_TOKEN and tells its capabilities.' },
      { state: 'right', sentence: "wac-core's clock agrees with ours." },
      { state: 'right', sentence: 'wac-core lists 1 domain(s); the root is quobis.' },
      { state: 'right', sentence: 'wac-core lets kitter make users.' },
      { state: 'right', sentence: 'wac-core keeps externalId, by which kitter matches its users.' },
      { state: 'right', sentence: 'wac-core lets kitter remove users.' },
    ])
  })

  it('says that nothing listens, that a name is unknown, and that no TLS is spoken', async () => {
    const { port } = new URL(server.url)
    expect(await troubles({ url: 'http://nobody.invalid/sapi' })).toMatchObject([
      { state: 'wrong', sentence: expect.stringContaining('does not answer'), mend: expect.stringContaining('host') },
    ])
    expect(await troubles({ url: 'http://127.0.0.1:1/sapi' })).toMatchObject([
      { state: 'wrong', mend: expect.stringContaining('nothing listens there') },
    ])
    expect(await troubles({ url: `https://127.0.0.1:${port}/sapi` })).toMatchObject([
      { state: 'wrong', mend: expect.stringContaining('compare https:// or http://') },
    ])
  })

  it('says that the token is refused', async () => {
    expect(await troubles({ token: 'nonsense' })).toEqual([
      {
        state: 'wrong',
        sentence: 'wac-core refuses WAC_CORE_TOKEN (403).',
        mend: 'Set WAC_CORE_TOKEN to a valid service token.',
      },
    ])
  })

  it('says that the path is not that of the service API', async () => {
    await using page = await answering(() => ({ type: 'text/html', body: '<!doctype html>' }))
    for (const url of [server.url.replace('/sapi', ''), page.url])
      expect(await troubles({ url })).toMatchObject([
        {
          state: 'wrong',
          sentence: expect.stringContaining("something else than wac-core's service API"),
          mend: expect.stringContaining('/sapi'),
        },
      ])
  })

  it('says that it is not well, or slow to answer', async () => {
    server.faults.order({ route: 'GET /capabilities', status: 503 })
    expect(await troubles()).toMatchObject([{ state: 'wrong', sentence: expect.stringContaining('answers 503') }])
    server.faults.clear()
    server.faults.order({ route: 'GET /domains', status: 500 })
    expect(await troubles()).toMatchObject([{ state: 'wrong', sentence: expect.stringContaining("doesn't list") }])
    server.faults.clear()
    server.faults.order({ route: 'GET /capabilities', latencyMs: 5000 })
    expect(await troubles()).toMatchObject([{ state: 'wrong', sentence: expect.stringContaining('no answer in time') }])
  })

  it('says that its capabilities can not be read', async () => {
    server.faults.order({ route: 'GET /capabilities', status: 200, body: { domain: 'all' } })
    expect(await troubles()).toMatchObject([{ state: 'wrong', sentence: expect.stringContaining('capabilities') }])
  })

  it('says that its clock is wrong', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    await using ahead = await answering((_, path) => ({
      date,
      body: path.includes('capabilities') ? { domain: [], user: [] } : [],
    }))
    expect(await troubles({ url: ahead.url })).toContainEqual({
      state: 'doubtful',
      sentence: expect.stringMatching(/^wac-core's clock is (3599|3600) s ahead of ours\.$/),
      mend: expect.stringContaining('NTP'),
    })
  })

  it('says that externalId is dropped, and takes its probe away', async () => {
    const calls: string[] = []
    const id = 'a'.repeat(24)
    await using forgetful = await answering((method, path, body) => {
      calls.push(`${method} ${path}`)
      if (path.includes('capabilities')) return { body: { domain: [], user: [] } }
      if (path.includes('domains')) return { body: [{ id, domain: 'quobis', parent: null }] }
      if (method === 'GET') return { body: { id, domain: 'quobis', username: 'probe' } }
      return { body: method === 'POST' ? { ...JSON.parse(body), id } : '' }
    })
    expect(await troubles({ url: forgetful.url })).toMatchObject([
      { state: 'wrong', sentence: 'wac-core drops externalId of its users.' },
    ])
    expect(calls.at(-1)).toBe(`DELETE /sapi/users/${id}`)
  })

  it.each([
    { route: 'POST /users', status: 500 },
    { route: 'POST /users', drop: 'after' },
    { route: 'POST /users', drop: 'before' },
    { route: 'GET /users/{id}', status: 500 },
    { route: 'GET /users/{id}', status: 404 },
  ] as const)('says what goes wrong, and leaves nothing behind: %o', async (fault) => {
    server.faults.order(fault)
    const [trouble] = await troubles()
    expect(trouble).toMatchObject({ state: 'wrong' })
  })

  it('says which user to remove where it could not', async () => {
    server.faults.order({ route: 'DELETE /users/{id}', status: 403 })
    expect(await troubles()).toMatchObject([
      { state: 'wrong', mend: expect.stringMatching(/^Remove the user kitter-doctor-\w+ of the domain quobis/) },
    ])
    server.faults.clear()
    for (const { id } of (await probesLeft()) as { id: string }[]) await server.call('DELETE', `users/${id}`)
  })
})
