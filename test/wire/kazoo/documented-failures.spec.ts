import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ApiDocument, operationsOf } from '../../openapi/api-document.fixture.ts'
import type { Answer, CallOptions } from '../../support/test-kitter.ts'
import { json, KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
const refused = '{"jsonrpc":"2.0","error":{"code":500,"message":"no"},"id":1}'
const rung = '{"jsonrpc":"2.0","result":{},"id":1}'
let sipProxySays = rung
let kazoo: KazooClient
let account: TestAccount
let document: ApiDocument
beforeAll(async () => {
  const sipProxy = createServer((request, response) => {
    request.resume().once('end', () => response.end(sipProxySays))
  })
  await once(sipProxy.listen(0, '127.0.0.1'), 'listening')
  resources.defer(() => void sipProxy.close())
  const url = `http://127.0.0.1:${(sipProxy.address() as AddressInfo).port}/RPC`
  kazoo = resources.use(await KazooClient.start({ KAZOO_USER_AUTH: 'on', SIP_PROXY_URL: url }))
  account = await kazoo.account()
  document = (await kazoo.kitter.call('GET', '/docs/kazoo/openapi.json')).body as ApiDocument
})
afterAll(() => resources.disposeAsync())

/** Of a path below `users`, or of another one. */
function expectDocumented(method: string, path: string, { status }: Answer): void {
  const at = path.startsWith('/v2') ? path : `/v2/accounts/{account}/users${path}`
  const found = operationsOf(document).find((operation) => operation.method === method && operation.path === at)
  expect(Object.keys(found?.responses ?? {}), `${method} ${at} ${status}`).toContain(String(status))
}

const png = { 'content-type': 'image/png' }
const tooLarge = JSON.stringify({ data: { custom: 'x'.repeat(1024 * 1024) } })

it.each([
  ['PUT', '', json],
  ['POST', '?verb=PUT', json],
  ['POST', '/{id}', json],
  ['PATCH', '/{id}', json],
  ['PUT', '/v2/user_auth', json],
  ['POST', '/v2/user_auth?verb=PUT', json],
])('%s %s says that its body is too large', async (method, path, headers) => {
  const user = await kazoo.user(account)
  const at = path.startsWith('/v2') ? path : `${account.users}${path.replace('/{id}', user.slice(-33))}`
  const answer = await kazoo.call(method, at, { raw: tooLarge, headers })
  expect(answer.status).toBe(413)
  expectDocumented(method, path.replace(/\?.*/, ''), answer)
})

it.each([
  ['PUT', '', { body: { data: { first_name: 'A', last_name: 'B' } } }, { body: { data: {} } }],
  ['POST', '?verb=PUT', { body: { data: { first_name: 'A', last_name: 'B' } } }, { body: { data: {} } }],
  ['POST', '/{id}', { body: { data: { first_name: 'A', last_name: 'B' } } }, { body: { data: {} } }],
  ['POST', '/{id}/photo', { raw: 'one', headers: png }, { raw: 'two', headers: png }],
] as [string, string, CallOptions, CallOptions][])(
  '%s %s says that its key was that of another request',
  async (method, path, first, second) => {
    const user = await kazoo.user(account)
    const at = `${account.users}${path.replace('/{id}', user.slice(-33))}`
    const key = { 'idempotency-key': randomUUID() }
    const send = (options: CallOptions) =>
      kazoo.call(method, at, { ...options, headers: { ...options.headers, ...key } })
    await send(first)
    const answer = await send(second)
    expect(answer.status).toBe(422)
    expectDocumented(method, path.replace(/\?.*/, ''), answer)
    expectDocumented(method, path.replace(/\?.*/, ''), { ...answer, status: 409 })
  },
)

it('Signing in says what is missing', async () => {
  const answer = await kazoo.send('PUT', '/v2/user_auth', {}, { token: null })
  expect(answer.status).toBe(400)
  expectDocumented('PUT', '/v2/user_auth', answer)
})

it('A quick call says that the sip-proxy refuses it, and that there were too many', async () => {
  const at = `${await kazoo.user(account)}/quickcall/1`
  const path = '/{id}/quickcall/{number}'
  sipProxySays = refused
  const elsewhere = await kazoo.call('GET', at)
  expect(elsewhere.status).toBe(502)
  expectDocumented('GET', path, elsewhere)
  sipProxySays = rung
  const answers = await Promise.all(Array.from({ length: 31 }, () => kazoo.call('GET', at)))
  const late = answers.find(({ status }) => status !== 200)
  expect(late?.status).toBe(429)
  if (late !== undefined) expectDocumented('GET', path, late)
})
