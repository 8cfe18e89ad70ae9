import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

type Document = Readonly<Record<string, unknown>>

const untilUnix = 62_167_219_200
const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  await kazoo.kitter.createUser('native', {
    ...{ first_name: 'Nora', last_name: 'Native', email: 'nora@example.com' },
    attributes: { domain: account.domain },
  })
  for (const data of people) await kazoo.user(account, data)
  const below = await kazoo.account(account.domain)
  await kazoo.user(below, { first_name: 'Below', last_name: 'Below' })
})
afterAll(() => resources.disposeAsync())

const people: readonly Document[] = [
  { first_name: 'Ana', last_name: 'Álvarez', timezone: 'Europe/Madrid', enabled: false, custom: { n: 5, list: ['a'] } },
  {
    first_name: 'Bob',
    last_name: 'alba',
    timezone: 'Europe/Madrid',
    hotdesk: { enabled: true, id: '7' },
    custom: { '7': 'seven' },
  },
  {
    first_name: 'Cid',
    last_name: 'Zorro',
    custom: { n: 7.5, empty: '', yes: true, nothing: {} },
    'odd key': 'x',
    flags: ['a', 'b'],
  },
  { first_name: `Rob'); DROP TABLE kitter.users; --`, last_name: 'Tables', note: `'; --` },
]

interface Listed {
  readonly names: readonly unknown[]
  readonly body: { readonly page_size?: number; readonly start_key?: string; readonly next_start_key?: string }
}

async function list(query: Readonly<Record<string, string>> = {}): Promise<Listed> {
  const answer = await kazoo.call('GET', `${account.users}?${new URLSearchParams(query).toString()}`)
  if (answer.status !== 200) throw new Error(answer.text)
  const rows = answer.body.data as Document[]
  return { names: rows.map((row) => row['first_name']), body: answer.body as Listed['body'] }
}

/** Without a document of the dialect's. */
async function addMany({ domain }: TestAccount, count: number): Promise<void> {
  const [prefix] = domain.split('.')
  await kazoo.look.rows(
    `INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, first_name, last_name, attributes, communications_id)
    SELECT gen_random_uuid(), $2 || n, $1, $2 || n, false, true, 'F' || n % 3, lpad(n::text, 5, '0'), '{}', $2 || n
    FROM generate_series(1, $3::int) AS n`,
    ...[domain, prefix, count],
  )
}

const all = ['Bob', 'Ana', 'Nora', people[3]?.['first_name'], 'Cid']
const [bob, ana, nora, rob, cid] = all
const except = (...left: readonly unknown[]): unknown[] => all.filter((name) => !left.includes(name))

describe('A list', () => {
  it('has the users of the account, not of those below it, by last and first name without case and accents', async () => {
    expect((await list()).names).toEqual(all)
    expect((await list({ descending: 'true' })).names).toEqual(all.toReversed())
    expect((await list({ ascending: 'false' })).names).toEqual(all.toReversed())
  })

  it('comes in pages, each of which says where the next begins', async () => {
    for (const order of [{}, { descending: 'true' }]) {
      const seen: unknown[] = []
      let start: string | undefined
      do {
        const { names, body } = await list({
          ...order,
          page_size: '2',
          ...(start !== undefined && { start_key: start }),
        })
        seen.push(...names)
        expect(body.page_size).toBe(names.length)
        expect(body.start_key).toBe(start)
        start = body.next_start_key
      } while (start !== undefined)
      expect(seen).toEqual('descending' in order ? all.toReversed() : all)
    }
  })

  it('comes whole where no pages are wanted', async () => {
    const { names, body } = await list({ paginate: 'false', page_size: '1' })
    expect(names).toEqual(all)
    for (const key of ['page_size', 'start_key', 'next_start_key']) expect(body).not.toHaveProperty(key)
  })

  it('comes in pages among what is filtered, each of them full', async () => {
    const first = await list({ filter_vm_to_email_enabled: 'true', filter_enabled: 'true', page_size: '3' })
    expect(first.names).toEqual([bob, nora, rob])
    const second = await list({
      ...{ filter_vm_to_email_enabled: 'true', filter_enabled: 'true', page_size: '3' },
      start_key: first.body.next_start_key ?? '',
    })
    expect([second.names, second.body.next_start_key]).toEqual([[cid], undefined])
  })

  it('shows of each user what Kazoo shows of it, however large the document is', async () => {
    const place = await kazoo.account()
    const shown = {
      call_recording: { inbound: { onnet: { enabled: true, url: 'https://example.com' } } },
      ...{ feature_level: 'x', flags: ['a', 'b'], presence_id: 'p', priv_level: 'admin', timezone: 'UTC' },
    }
    const forwards = { hotdesk: { enabled: true }, call_forward: { failover: true }, music_on_hold: { media_id: 'm' } }
    const rest = { caller_id: { external: { number: '5' } }, custom: 'x'.repeat(100_000), features: ['none'] }
    const path = await kazoo.user(place, { ...shown, ...forwards, ...rest })
    const names = { first_name: 'User', last_name: 'Three', id: path.split('/').at(-1) }
    const features = ['hotdesk', 'call_forward_failover', 'caller_id', 'vm_to_email', 'music_on_hold']
    for (const query of ['', 'paginate=false', 'filter_custom=x', 'filter_presence_id=p', 'has_key=custom']) {
      const { body } = await kazoo.call('GET', `${place.users}?${query}`)
      expect(body.data, query).toEqual(query === 'filter_custom=x' ? [] : [{ ...names, ...shown, features }])
    }
  })

  it('is another one as soon as somebody comes behind its last page', async () => {
    const place = await kazoo.account()
    await kazoo.user(place, { last_name: 'A' })
    const page = `${place.users}?page_size=1`
    const etag = (await kazoo.call('GET', page)).headers.get('etag') ?? ''
    expect((await kazoo.call('GET', page, { headers: { 'if-none-match': etag } })).status).toBe(304)
    await kazoo.user(place, { last_name: 'B' })
    const { status, body } = await kazoo.call('GET', page, { headers: { 'if-none-match': etag } })
    expect([status, body.next_start_key]).toEqual([200, expect.any(String)])
  })

  it('comes whole only as long as it is of some size, and in pages always', async () => {
    const place = await kazoo.account()
    await addMany(place, 4500)
    await kazoo.look.rows(
      `INSERT INTO kitter.user_extensions (user_id, dialect, document)
      SELECT id, 'kazoo', jsonb_build_object('flags', jsonb_build_array(repeat('x', 8000))) FROM kitter.users WHERE domain = $1`,
      place.domain,
    )
    const whole = await kazoo.call('GET', `${place.users}?paginate=false`)
    expect([whole.status, whole.body.data]).toEqual([400, { paginate: { maxSize: expect.any(Object) as object } }])
    const page = await kazoo.call('GET', `${place.users}?page_size=1000`)
    expect([page.status, page.body.page_size]).toEqual([200, 1000])
  })

  it('goes on where it was, whoever has come or gone meanwhile', async () => {
    const place = await kazoo.account()
    const paths = []
    for (const last_name of ['A', 'B', 'C', 'D']) paths.push(await kazoo.user(place, { last_name }))
    const first = await kazoo.call('GET', `${place.users}?page_size=2`)
    await kazoo.call('DELETE', paths[2] ?? '')
    await kazoo.user(place, { last_name: 'Aa' })
    const next = String(first.body.next_start_key)
    const second = await kazoo.call('GET', `${place.users}?page_size=2&start_key=${next}`)
    expect((second.body.data as Document[]).map((row) => row['last_name'])).toEqual(['D'])
  })

  it('takes nobody twice and leaves nobody out, also of those of one name', async () => {
    const place = await kazoo.account()
    for (let count = 0; count < 7; count += 1) await kazoo.user(place)
    const ids: unknown[] = []
    let start = ''
    do {
      const { body } = await kazoo.call('GET', `${place.users}?page_size=3&start_key=${start}`)
      ids.push(...(body.data as Document[]).map(({ id }) => id))
      start = String(body.next_start_key ?? '')
    } while (start !== '')
    expect([ids.length, new Set(ids).size]).toEqual([7, 7])
  })

  it.each([
    ['start_key', 'nonsense'],
    ['start_key', Buffer.from(`{"k":"x","i":"' OR true"}`).toString('base64url')],
    ['start_key', Buffer.from(JSON.stringify({ k: 'x\0', i: randomUUID() })).toString('base64url')],
    ['page_size', '0'],
    ['page_size', 'many'],
    ['page_size', '-1'],
    ['created_from', 'yesterday'],
  ])('with %s=%s is refused', async (name, value) => {
    const answer = await kazoo.call('GET', `${account.users}?${new URLSearchParams({ [name]: value }).toString()}`)
    expect([answer.status, Object.keys(answer.body.data as object)]).toEqual([400, [name]])
  })

  it('has at most 1,000 in a page, and ignores what it does not know', async () => {
    expect((await list({ page_size: '999999999', unknown: 'x', start_key: '' })).names).toEqual(all)
  })
})

describe('Filters', () => {
  it.each<[Readonly<Record<string, string>>, unknown[]]>([
    [{ filter_first_name: 'Ana' }, [ana]],
    [{ filter_first_name: 'ana' }, []],
    [{ filter_last_name: 'Álvarez' }, [ana]],
    [{ filter_username: 'native' }, [nora]],
    [{ filter_email: 'nora@example.com' }, [nora]],
    [{ filter_email: 'NORA@example.com' }, []],
    [{ filter_enabled: 'false' }, [ana]],
    [{ filter_timezone: 'Europe/Madrid' }, [bob, ana]],
    [{ filter_timezone: 'Europe/Madrid', filter_enabled: 'true' }, [bob]],
    [{ filter_first_name: '["Ana","Bob"]' }, [bob, ana]],
    [{ 'filter_hotdesk.id': '7' }, [bob]],
    [{ 'filter_hotdesk.enabled': 'true' }, [bob]],
    [{ 'filter_hotdesk.enabled': 'false' }, except(bob)],
    [{ 'filter_hotdesk.enabled': '["true","false"]' }, all],
    [{ 'filter_custom.n': '5' }, [ana]],
    [{ 'filter_custom.n': '7.5' }, [cid]],
    [{ 'filter_custom.n': '["5","7.5"]' }, [ana, cid]],
    [{ 'filter_custom.yes': 'true' }, [cid]],
    [{ 'filter_odd key': 'x' }, [cid]],
    [{ filter_priv_level: 'user' }, all],
    [{ filter_profile: '{}' }, all],
    [{ 'filter_media.encryption': '{"methods": [], "enforce_security": false}' }, all],
    [{ filter_priv_level: 'admin' }, []],
    [{ filter_nothing: 'x' }, []],
    [{ 'filter_first_name.deep': 'x' }, []],
    [{ 'filter_timezone.0': 'E' }, []],
    [{ 'filter_flags.0': 'a' }, [cid]],
    [{ 'filter_flags.0': '["b","a"]' }, [cid]],
    [{ 'filter_flags.0': 'b' }, []],
    [{ 'filter_flags.1': 'b' }, [cid]],
    [{ 'filter_flags.-1': 'b' }, [cid]],
    [{ 'filter_custom.list.0': 'a' }, [ana]],
    [{ 'filter_custom.7': 'seven' }, [bob]],
    [{ 'filter_media.audio.codecs.0': 'PCMU' }, all],
    [{ 'filter_media.audio.codecs.-1': 'PCMU' }, all],
    [{ filter_password: 'secret' }, []],
    [{ filter_not_timezone: 'Europe/Madrid' }, except(bob, ana)],
    [{ filter_not_first_name: '["Ana","Bob"]' }, except(bob, ana)],
    [{ filter_not_priv_level: 'user' }, []],
    [{ has_key: 'timezone' }, [bob, ana]],
    [{ has_key: 'custom.nothing' }, [cid]],
    [{ has_key: 'username' }, [nora]],
    [{ has_key: 'hotdesk.enabled' }, all],
    [{ key_missing: 'timezone' }, except(bob, ana)],
    [{ key_missing: 'username' }, except(nora)],
    [{ key_missing: 'priv_level' }, []],
    [{ has_value: 'custom.empty' }, []],
    [{ has_value: 'custom.nothing' }, []],
    [{ has_value: 'custom.yes' }, [cid]],
    [{ has_value: 'email' }, [nora]],
    [{ missing_value: 'email' }, except(nora)],
    [{ missing_value: 'timezone' }, except(bob, ana)],
    [{ filter_first_name: String(rob) }, [rob]],
    [{ filter_note: `'; --` }, [rob]],
    [{ [`filter_x'); DROP TABLE kitter.users; --`]: 'x' }, []],
    [{ [`filter_custom.n' = '5' OR '1`]: '1' }, []],
    [{ 'filter_custom.{"a":1}': '%' }, []],
    [{ filter_timezone: 'Europe%' }, []],
    [{ 'filter_\0': 'x' }, []],
    [{ filter_first_name: 'x\0' }, []],
    [{ filter_not_first_name: 'x\0' }, all],
    [{ filter_: 'x', has_key: '' }, all],
    [{ filter_created: '1' }, []],
    [{ filter_id: 'nonsense' }, []],
  ])('%j', async (query, names) => {
    expect((await list(query)).names).toEqual(names)
    expect((await list({ ...query, paginate: 'false', descending: 'true' })).names).toEqual(names.toReversed())
  })

  it('find a user by the id', async () => {
    const { body } = await kazoo.call('GET', account.users)
    const [row] = body.data as Document[]
    expect((await list({ filter_id: String(row?.['id']) })).names).toEqual([row?.['first_name']])
  })

  it('find who was made or changed in a span, both ends included', async () => {
    const place = await kazoo.account()
    const path = await kazoo.user(place)
    const id = path.split('/').at(-1)
    await kazoo.look.rows(
      "UPDATE kitter.users SET created_at = '2020-01-01T00:00:00.5Z', updated_at = '2021-01-01' WHERE id = $1",
      id,
    )
    const at = (time: string): string => String(Date.parse(time) / 1000 + untilUnix)
    const count = async (query: string): Promise<number> =>
      ((await kazoo.call('GET', `${place.users}?${query}`)).body.data as unknown[]).length
    const made = at('2020-01-01T00:00:00Z')
    expect(await count(`created_from=${made}&created_to=${made}`)).toBe(1)
    expect(await count(`created_from=${Number(made) + 1}`)).toBe(0)
    expect(await count(`created_to=${Number(made) - 1}`)).toBe(0)
    const today = at(new Date().toISOString().slice(0, 10))
    expect([await count(`modified_to=${today}`), await count(`modified_from=${today}`)]).toEqual([1, 0])
    await kazoo.send('PATCH', path, { timezone: 'UTC' })
    expect([await count(`modified_to=${today}`), await count(`modified_from=${today}`)]).toEqual([0, 1])
    expect(await count('created_from=0&created_to=999999999999&modified_from=1&modified_to=999999999999')).toBe(1)
  })

  it('go the other way where very many match, and say the same', async () => {
    const place = await kazoo.account()
    await addMany(place, 2500)
    await kazoo.look.rows(
      `INSERT INTO kitter.user_extensions (user_id, dialect, document)
      SELECT id, 'kazoo', jsonb_build_object('timezone', CASE WHEN first_name = 'F0' THEN 'rare' ELSE 'usual' END)
      FROM kitter.users WHERE domain = $1`,
      place.domain,
    )
    for (const [query, count] of [
      ['filter_timezone=usual', 1667],
      ['filter_timezone=rare', 833],
      ['filter_not_timezone=rare', 1667],
    ] as const) {
      const ids: unknown[] = []
      let start = ''
      do {
        const { body } = await kazoo.call('GET', `${place.users}?${query}&page_size=400&start_key=${start}`)
        ids.push(...(body.data as Document[]).map(({ last_name: name }) => name))
        start = String(body.next_start_key ?? '')
      } while (start !== '')
      expect([ids.length, ids], query).toEqual([count, ids.toSorted()])
      const whole = await kazoo.call('GET', `${place.users}?${query}&paginate=false`)
      expect((whole.body.data as Document[]).map(({ last_name: name }) => name)).toEqual(ids)
    }
  })
})
