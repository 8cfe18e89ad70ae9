import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Kamailio } from '../../../test/support/kamailio.ts'
import { describeWith } from '../../../test/support/real.ts'
import { sipProxyContract } from '../../core/caller-id/application/sip-proxy.contract.ts'
import { JsonRpc } from './json-rpc.ts'
import { KamailioSipProxy } from './kamailio-sip-proxy.ts'
import { Kamcmd } from './kamcmd.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'
import { Silence } from './silence.fixture.ts'
import { closedPort, TestHtable } from './test-htable.fixture.ts'

const ways = {
  'JSON-RPC over HTTP': ({ url }: Kamailio) => new JsonRpc(url),
  'kamcmd over TCP': ({ tcp }: Kamailio) => new Kamcmd(tcp),
  'kamcmd over a socket': ({ socket }: Kamailio) => new Kamcmd(socket),
}

describeWith('kamailio', 'A real Kamailio', () => {
  const resources = new AsyncDisposableStack()
  let htable: TestHtable
  let kamailio: Kamailio
  beforeAll(async () => {
    htable = resources.use(await TestHtable.create())
    kamailio = resources.use(await Kamailio.start({ databaseUrl: htable.url }))
  })
  afterAll(() => resources.disposeAsync())

  describe.each(Object.entries(ways))('asked by %s', (_, rpcTo) => {
    let sipProxy: KamailioSipProxy
    beforeAll(() => {
      sipProxy = new KamailioSipProxy(rpcTo(kamailio))
    })

    sipProxyContract('Kamailio', () =>
      Promise.resolve({
        sipProxy,
        write: (name, value) => htable.insert(name, value),
        erase: (name) => htable.erase(name),
        dump: (name) => kamailio.dump(name),
      }),
    )

    it('goes by an entry made through kitter after the reload, and not before', async () => {
      const entry = { name: randomUUID(), value: '+34910000000' }
      const table = new PostgresCallerIdTable(htable)
      await table.add(entry)
      expect((await kamailio.dump('translation')).has(entry.name)).toBe(false)
      await sipProxy.reload('translation')
      expect((await kamailio.dump('translation')).get(entry.name)).toBe(entry.value)
      await table.remove(entry.name)
      await sipProxy.reload('translation')
      expect((await kamailio.dump('translation')).has(entry.name)).toBe(false)
    })

    it('tells its version and its htables', async () => {
      await sipProxy.ping()
      expect(await sipProxy.version()).toMatch(/^kamailio \d+\.\d+\.\d+/)
      expect(await sipProxy.htables()).toEqual([
        { name: 'memory', dbtable: '' },
        { name: 'translation', dbtable: 'htable' },
      ])
    })

    it.each([
      ['nope', /^it answers htable\.reload with 500( -)? No such htable$/],
      ['memory', /^it answers htable\.reload with 500( -)? No database htable$/],
    ])('refuses to reload the htable %s, and says why', async (name, reason) => {
      const failure: unknown = await sipProxy.reload(name).catch((error: unknown) => error)
      expect(failure).toMatchObject({ kind: 'refused_elsewhere', code: 'system.refused' })
      expect(failure).toHaveProperty('cause.message', expect.stringMatching(reason))
    })

    it('refuses a method that it does not know', async () => {
      await expect(rpcTo(kamailio).call('htable.nothing')).rejects.toMatchObject({
        code: 'system.refused',
        cause: { message: expect.stringMatching(/Method Not Found|not found/) as unknown },
      })
    })
  })

  it('goes on with what it had when its database refuses, and says so', async () => {
    const entry = randomUUID()
    await htable.insert(entry, 'kept')
    const sipProxy = new KamailioSipProxy(new JsonRpc(kamailio.url))
    await sipProxy.reload('translation')
    await htable.rows('ALTER TABLE htable RENAME TO away')
    await expect(sipProxy.reload('translation')).rejects.toMatchObject({ code: 'system.refused' })
    await htable.rows('ALTER TABLE away RENAME TO htable')
    expect((await kamailio.dump('translation')).get(entry)).toBe('kept')
    await sipProxy.reload('translation')
  })

  it('that is no Kamailio, or no JSON-RPC, refuses or does not answer', async () => {
    const elsewhere = new KamailioSipProxy(new JsonRpc(kamailio.url.replace('/RPC', '/other')))
    await expect(elsewhere.ping()).rejects.toMatchObject({
      code: 'system.refused',
      cause: { message: 'it answers with HTTP 404 and no JSON-RPC' },
    })
    const postgres = new Kamcmd(`tcp:127.0.0.1:${new URL(htable.url).port}`)
    await expect(new KamailioSipProxy(postgres).ping()).rejects.toMatchObject({
      code: 'service.unavailable',
      cause: { message: expect.stringMatching(/^kamcmd says: read reply failed/) as unknown },
    })
  })

  it('that has stopped does not answer, leaves nothing running, and is reached again when it is back', async () => {
    await using other = await TestHtable.create({ expires: 'varchar(16)' })
    const first = await Kamailio.start({ databaseUrl: other.url })
    const sipProxies = Object.values(ways).map((rpcTo) => new KamailioSipProxy(rpcTo(first)))
    await first.stop()
    for (const sipProxy of sipProxies)
      await expect(sipProxy.reload('translation')).rejects.toMatchObject({
        code: 'service.unavailable',
        message: 'The sip-proxy does not answer. Nothing was changed.',
        details: { retryAfter: 5 },
      })
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
    expect(stdout).not.toContain(first.folder)

    await using second = await Kamailio.start({ databaseUrl: other.url, ports: first.ports })
    await other.insert('back', 'again')
    for (const sipProxy of sipProxies.slice(0, 2)) await sipProxy.reload('translation')
    expect((await second.dump('translation')).get('back')).toBe('again')
  })
})

it('kamcmd that is not installed is named', async () => {
  const rpc = new Kamcmd('tcp:127.0.0.1:1', { program: 'kamcmd-nowhere' })
  await expect(new KamailioSipProxy(rpc).ping()).rejects.toMatchObject({
    code: 'service.unavailable',
    cause: {
      message: "the program kamcmd-nowhere is not installed: SIP_PROXY_KAMCMD needs it, SIP_PROXY_URL doesn't",
    },
  })
})

describeWith('kamailio', 'kamcmd', () => {
  it.each([
    ['unix:/nowhere/ctl', /No such file/],
    ['tcp:nowhere.invalid:5', /could not resolve nowhere.invalid/],
    ['rubbish', /No such file/],
    ['', /refused|No such file/],
    ['-h', /No such file/],
    ['; touch /tmp/x', /No such file/],
  ])('can reach nobody at %j', async (address, reason) => {
    await expect(new KamailioSipProxy(new Kamcmd(address)).ping()).rejects.toMatchObject({
      message: 'The sip-proxy does not answer. Nothing was changed.',
      details: { retryAfter: 5 },
      cause: { message: expect.stringMatching(reason) as unknown },
    })
  })

  it('can reach nobody where nobody listens', async () => {
    await expect(new Kamcmd(`tcp:127.0.0.1:${await closedPort()}`).call('core.version')).rejects.toMatchObject({
      message: 'The sip-proxy does not answer. Nothing was changed.',
      cause: { message: 'kamcmd says: connect: Connection refused' },
    })
  })

  it('that gets no answer is ended in time', async () => {
    await using silence = await Silence.start()
    const rpc = new Kamcmd(`tcp:127.0.0.1:${silence.port}`, { timeoutMs: 300 })
    await expect(new KamailioSipProxy(rpc).reload('translation')).rejects.toMatchObject({
      code: 'service.unavailable',
      message: 'The sip-proxy did not answer in time.',
      details: { outcome: 'unknown' },
    })
    expect(silence.visits).toBe(2)
  })
})
