import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Kamailio } from '../../../test/support/kamailio.ts'
import { describeWith } from '../../../test/support/real.ts'
import { connectCallOriginator } from './connect-call-originator.ts'
import { closedPort, TestHtable } from './test-htable.fixture.ts'

const call = { from: 'sip:anna@example.com', to: 'sip:123@example.com' }

describeWith('kamailio', 'Calls by a real Kamailio', () => {
  const resources = new AsyncDisposableStack()
  let kamailio: Kamailio
  let phone: Server
  beforeAll(async () => {
    const htable = resources.use(await TestHtable.create())
    kamailio = resources.use(await Kamailio.start({ databaseUrl: htable.url, placesCalls: true }))
    phone = createServer()
    phone.listen(0, '127.0.0.1')
    await once(phone, 'listening')
    resources.defer(() => {
      phone.close()
    })
  })
  afterAll(() => resources.disposeAsync())

  it('ring the one, and say to whom they will be connected', async () => {
    const ringing = once(phone, 'connection') as Promise<[Socket]>
    const { port } = phone.address() as AddressInfo
    const from = `sip:anna@127.0.0.1:${port};transport=tcp`
    await connectCallOriginator(kamailio).originate({ from, to: 'sip:+34910000000@example.com' })
    const [line] = await ringing
    const [invite] = (await once(line, 'data')) as [Buffer]
    line.destroy()
    expect(invite.toString()).toContain(`INVITE sip:anna@127.0.0.1:${port};transport=tcp SIP/2.0\r\n`)
  })

  it('are refused by one that has not the module for it', async () => {
    await using htable = await TestHtable.create()
    await using plain = await Kamailio.start({ databaseUrl: htable.url })
    await expect(connectCallOriginator(plain).originate(call)).rejects.toMatchObject({ code: 'system.refused' })
  })
})

it('A call to nowhere says that nothing was done', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/RPC`
  await expect(connectCallOriginator({ url }).originate(call)).rejects.toMatchObject({ code: 'service.unavailable' })
})

it('Without a sip-proxy there is nothing that could ring', async () => {
  await expect(connectCallOriginator({}).originate(call)).rejects.toMatchObject({ code: 'call.no_endpoints' })
})
