import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Kamailio } from '../../support/kamailio.ts'
import { describeWith } from '../../support/real.ts'
import { TestHtable } from '../../../libs/infrastructure/sip-proxy/test-htable.fixture.ts'
import { KazooClient, type TestAccount, uuidIn } from './kazoo-client.fixture.ts'

/** Asked of a sip-proxy that answers as Kamailio's `jsonrpcs` does. */
interface Asked {
  readonly method: string
  readonly params: readonly string[]
}

const resources = new AsyncDisposableStack()
const asked: Asked[] = []
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  const proxy = createServer((request: IncomingMessage, response: ServerResponse) => {
    void json(request).then((body) => {
      asked.push(body as Asked)
      response.end('{"jsonrpc":"2.0","result":{},"id":1}')
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  resources.defer(() => {
    proxy.close()
  })
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/RPC`
  kazoo = resources.use(await KazooClient.start({ SIP_PROXY_URL: url }))
  account = await kazoo.account()
})
afterAll(() => resources.disposeAsync())

describe('A quick call', () => {
  it('is told as the documentation prints it', async () => {
    const path = await kazoo.user(account, { username: 'anna', presence_id: '2001' })
    const id = path.split('/').at(-1)
    const answer = await kazoo.call('GET', `${path}/quickcall/+34%20910-00`)
    expect([answer.status, answer.body.status]).toEqual([200, 'success'])
    expect(answer.body.revision).toBeDefined()
    expect(answer.body.data).toEqual({
      export_custom_channel_vars: ['Account-ID', 'Retain-CID', 'Authorizing-ID', 'Authorizing-Type'],
      custom_channel_vars: {
        authorizing_id: id,
        authorizing_type: 'user',
        inherit_codec: 'false',
        retain_cid: 'true',
        account_id: account.id,
      },
      continue_on_fail: false,
      dial_endpoint_method: 'simultaneous',
      outbound_callee_id_number: '',
      outbound_callee_id_name: '',
      outbound_caller_id_number: '+3491000',
      outbound_caller_id_name: 'Device QuickCall',
      media: 'process',
      ignore_early_media: true,
      timeout: 30,
      endpoints: [
        {
          custom_channel_vars: {
            auto_answer: true,
            authorizing_id: id,
            owner_id: id,
            account_id: account.id,
            media_encryption_enforce_security: false,
            sip_invite_domain: account.domain,
          },
          custom_sip_headers: { x_kazoo_aor: `sip:anna@${account.domain}` },
          presence_id: '2001',
          codecs: ['PCMU'],
          endpoint_id: id,
          to_did: '+3491000',
          to_realm: account.domain,
          to_username: 'anna',
          to_user: 'anna',
          invite_format: 'username',
        },
      ],
      application_data: { route: '+34 910-00' },
      application_name: 'transfer',
    })
    expect(asked.at(-1)).toMatchObject({
      method: 'dlg.bridge_dlg',
      params: [`sip:anna@${account.domain}`, `sip:+3491000@${account.domain}`, '.'],
    })
  })

  it.each([
    ['+34600000000', '+34910', '+34600000000', '+34910'],
    ['anna+work@mail.example', '%2331%23*2', 'anna+work%40mail.example', '%2331%23*2'],
  ])('of %s to %s is one of %s to %s for the sip-proxy', async (username, number, from, to) => {
    const own = await kazoo.account()
    const path = await kazoo.user(own, { username, password: 'secret' })
    expect((await kazoo.call('GET', `${path}/quickcall/${number}`)).status).toBe(200)
    expect(asked.at(-1)?.params).toEqual([`sip:${from}@${own.domain}`, `sip:${to}@${own.domain}`, '.'])
  })

  it('is told also to who has the user as they are', async () => {
    const path = await kazoo.user(account)
    const etag = (await kazoo.call('GET', path)).headers.get('etag') ?? ''
    const answer = await kazoo.call('GET', `${path}/quickcall/123`, { headers: { 'if-none-match': etag } })
    expect([answer.status, answer.headers.has('etag')]).toEqual([200, false])
    expect(answer.body.data).toMatchObject({ application_name: 'transfer' })
  })

  it('takes what the query says', async () => {
    const path = await kazoo.user(account)
    const query = 'auto_answer=false&cid-name=Me&cid-number=7&ignore-early-media=false&media=bypass&timeout=3'
    const { body } = await kazoo.call('GET', `${path}/quickcall/123?${query}&number_filter=^1(.*)`)
    expect(body.data).toMatchObject({
      ...{ outbound_caller_id_name: 'Me', outbound_caller_id_number: '7', ignore_early_media: false },
      ...{ media: 'bypass', timeout: 3, endpoints: [{ to_did: '23', custom_channel_vars: { auto_answer: false } }] },
    })
  })

  it.each([
    ['timeout=2', 'timeout'],
    ['timeout=soon', 'timeout'],
    ['media=other', 'media'],
    ['auto_answer=1', 'auto_answer'],
    ['number_filter=(a%2B)%2B$', 'number_filter'],
    ['number_filter=(', 'number_filter'],
    ['number_filter=(a|b)', 'number_filter'],
  ])('with %s is refused', async (query, name) => {
    const path = await kazoo.user(account)
    const answer = await kazoo.call('GET', `${path}/quickcall/123?${query}`)
    expect([answer.status, Object.keys(answer.body.data as object)]).toEqual([400, [name]])
  })

  it('to what is no number, by whom may not, or of whom is disabled does not ring', async () => {
    const path = await kazoo.user(account)
    const before = asked.length
    for (const number of ['a%20b%3E', '1%0d%0aX', 'sip:x@y', 'x'.repeat(65), '1;x=y']) {
      expect((await kazoo.call('GET', `${path}/quickcall/${number}`)).status, number).toBe(400)
    }
    expect((await kazoo.call('GET', `${path}/quickcall/1`, { token: null })).status).toBe(401)
    const viewer = await kazoo.kitter.token('kitter-viewer')
    expect((await kazoo.call('GET', `${path}/quickcall/1`, { token: viewer })).status).toBe(403)
    for (const name of ['quickcall', 'quickc%61ll']) {
      expect((await kazoo.call('HEAD', `${path}/${name}/1`)).status).toBe(405)
    }
    const disabled = await kazoo.user(account, { enabled: false })
    expect((await kazoo.call('GET', `${disabled}/quickcall/1`)).status).toBe(500)
    expect(asked.length).toBe(before)
  })

  it('is told to the audit trail with the number that is dialled', async () => {
    const path = await kazoo.user(account)
    await kazoo.call('GET', `${path}/quickcall/+34%20910-00`)
    const { entries } = await kazoo.audited(uuidIn(path))
    expect(entries[0]).toMatchObject({ action: 'kazoo.quickcall', outcome: 'done' })
    expect(entries[0]?.['after']).toEqual({ dialled: '+3491000' })
  })

  it('is begun thirty times in ten minutes for one user, whoever begins it', async () => {
    const path = await kazoo.user(account)
    const before = asked.length
    const answers = await Promise.all(Array.from({ length: 35 }, () => kazoo.call('GET', `${path}/quickcall/1`)))
    const refused = answers.filter(({ status }) => status === 429)
    expect([answers.filter(({ status }) => status === 200).length, refused.length, asked.length - before]).toEqual([
      30, 5, 30,
    ])
    expect(refused[0]?.body).toMatchObject({ error: '429', message: 'too_many_requests' })
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(500)
    expect((await kazoo.call('GET', `${await kazoo.user(account)}/quickcall/1`)).status).toBe(200)
  })

  it('where no sip-proxy could place it says that there are no endpoints', async () => {
    await using alone = await KazooClient.start()
    const path = await alone.user(await alone.account())
    const answer = await alone.call('GET', `${path}/quickcall/123`)
    expect(answer.status).toBe(500)
    expect(answer.body).toMatchObject({ error: '500', message: 'unspecified_fault', status: 'error' })
  })
})

describeWith('kamailio', 'Over a real Kamailio', () => {
  it('a quick call is placed', async () => {
    await using htable = await TestHtable.create()
    await using kamailio = await Kamailio.start({ databaseUrl: htable.url, placesCalls: true })
    await using real = await KazooClient.start({ SIP_PROXY_URL: kamailio.url })
    const path = await real.user(await real.account(), { username: 'anna', password: 'secret' })
    for (const number of ['123', '+34910000000', '*21%23'])
      expect([number, (await real.call('GET', `${path}/quickcall/${number}`)).status]).toEqual([number, 200])
  })
})
