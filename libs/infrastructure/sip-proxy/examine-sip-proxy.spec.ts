import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Finding } from '#core/health'
import { Kamailio } from '../../../test/support/kamailio.ts'
import { describeWith } from '../../../test/support/real.ts'
import { connectSipProxy } from './connect-sip-proxy.ts'
import { collected } from './collected.fixture.ts'
import { examineSipProxy } from './examine-sip-proxy.ts'
import { KamailioSipProxy } from './kamailio-sip-proxy.ts'
import { Kamcmd } from './kamcmd.ts'
import { TableName } from './table-name.ts'
import { closedPort, TestHtable } from './test-htable.fixture.ts'

function findings(sipProxy: KamailioSipProxy | undefined, table = 'htable'): Promise<Finding[]> {
  return collected(examineSipProxy(sipProxy ?? expect.fail('no sip-proxy'), TableName.parse(table)))
}

const answers = {
  state: 'right',
  sentence: expect.stringMatching(/^The sip-proxy answers: kamailio \d.*[^ ]\.$/) as unknown,
}

describeWith('kamailio', 'The examination of a real Kamailio', () => {
  const resources = new AsyncDisposableStack()
  let kamailio: Kamailio
  beforeAll(async () => {
    const htable = resources.use(await TestHtable.create())
    kamailio = resources.use(await Kamailio.start({ databaseUrl: htable.url }))
  })
  afterAll(() => resources.disposeAsync())

  it('finds it right, by either way', async () => {
    for (const settings of [{ url: kamailio.url }, { kamcmd: kamailio.tcp }, { kamcmd: kamailio.socket }])
      expect(await findings(connectSipProxy(settings))).toEqual([
        answers,
        { state: 'right', sentence: "The sip-proxy's htable translation is read from the table htable." },
      ])
  })

  it('says that it reads another table than kitter writes', async () => {
    expect(await findings(connectSipProxy({ url: kamailio.url }), 'other')).toEqual([
      answers,
      {
        state: 'wrong',
        sentence:
          "The sip-proxy's htable translation is read from the table htable, and kitter writes to public.other.",
        mend: 'Set HTABLE_TABLE to htable, or declare in kamailio.cfg: modparam("htable", "htable", "translation=>size=8;dbtable=other;")',
      },
    ])
  })

  it('says that there is no JSON-RPC at the address', async () => {
    expect(await findings(connectSipProxy({ url: kamailio.url.replace('/RPC', '/') }))).toEqual([
      {
        state: 'wrong',
        sentence: 'The sip-proxy gives no answer: it answers with HTTP 404 and no JSON-RPC.',
        mend: expect.stringContaining('SIP_PROXY_URL') as unknown,
      },
    ])
  })
})

it('says that it does not answer, and no password', async () => {
  const [finding, ...rest] = await findings(
    connectSipProxy({ url: `http://a:se-cret@127.0.0.1:${await closedPort()}/` }),
  )
  expect(rest).toEqual([])
  expect(finding).toMatchObject({
    state: 'wrong',
    sentence: expect.stringMatching(/^The sip-proxy gives no answer: connect ECONNREFUSED .*\.$/) as unknown,
  })
  expect(JSON.stringify(finding)).not.toContain('se-cret')
})

it('says that kamcmd is not installed', async () => {
  const [finding] = await findings(new KamailioSipProxy(new Kamcmd('tcp:127.0.0.1:1', { program: 'kamcmd-nowhere' })))
  expect(finding?.sentence).toMatch(/^The sip-proxy gives no answer: the program kamcmd-nowhere is not installed/)
})

it('says what is missing in the configuration of a sip-proxy', async () => {
  const of = (htables: unknown): KamailioSipProxy =>
    new KamailioSipProxy({ call: (method) => Promise.resolve(method === 'core.version' ? 'kamailio 5' : htables) })
  const wrong = async (htables: unknown): Promise<unknown> => (await findings(of(htables)))[1]?.sentence
  expect(await wrong([])).toBe('The sip-proxy has no htable translation.')
  expect(await wrong('')).toBe('The sip-proxy has no htable translation.')
  expect(await wrong([{ name: 'translation', dbtable: '' }])).toBe(
    "The sip-proxy's htable translation is in no database, so that it can't be reloaded.",
  )
  expect(await wrong([{ name: 'translation', dbtable: 'other.htable' }])).toBe(
    "The sip-proxy's htable translation is read from the table other.htable, and kitter writes to public.htable.",
  )
  expect(await wrong('rubbish')).toBe("The sip-proxy doesn't list its htables: its list of htables is none.")
})

it.each([
  ['htable', 'htable', 'right'],
  ['HTABLE', 'public.htable', 'right'],
  ['kamailio.htable', 'kamailio.htable', 'right'],
  ['htable', 'kamailio.htable', 'doubtful'],
  ['public.htable', 'kamailio.htable', 'wrong'],
  ['kamailio.htable', 'htable', 'wrong'],
  ['other', 'kamailio.htable', 'wrong'],
])('where the sip-proxy reads %s and kitter writes to %s, that is %s', async (dbtable, table, state) => {
  const call = (method: string) =>
    Promise.resolve(method === 'core.version' ? 'kamailio 5' : [{ name: 'translation', dbtable }])
  expect((await findings(new KamailioSipProxy({ call }), table))[1]).toMatchObject({ state })
})
