import { afterAll, beforeAll, expect, it } from 'vitest'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  await kazoo.user(account, { custom: { n: 5, big: 1e300, list: [1, { a: 'b' }] } })
})
afterAll(() => resources.disposeAsync())

const values: readonly (readonly [string, string])[] = [
  ['U+0000', 'x\0'],
  ['U+0000 in a text of JSON', String.raw`"\u0000"`],
  ['U+0000 in an object', String.raw`{"a":"\u0000"}`],
  ['U+0000 in the name of a key', String.raw`{"\u0000":1}`],
  ['U+0000 in a list', String.raw`["\u0000"]`],
  ['U+0000 deep in a list', String.raw`["x",[{"a":["\u0000"]}]]`],
  ['half a surrogate pair in an object', String.raw`{"a":"\ud800"}`],
  ['half a surrogate pair in the name of a key', String.raw`{"\udfff":1}`],
  ['half a surrogate pair in a list', String.raw`["\ud800",["\udfff"]]`],
  ['an infinite number', '1e999999'],
  ['a negatively infinite number', '-1e999999'],
  ['infinite numbers in a list', '[1e999999,-1e999999,[1e999999]]'],
  ['an infinite number in an object', '{"a":1e999999}'],
  ['a number of 10,000 digits', '9'.repeat(10_000)],
  ['a fraction of 10,000 digits', `0.${'0'.repeat(10_000)}1`],
  ['a number next to nothing', '1e-999999'],
  ['lists in 7,000 lists', `${'['.repeat(7000)}${']'.repeat(7000)}`],
  ['an object in 1,500 objects', `${'{"":'.repeat(1500)}1${'}'.repeat(1500)}`],
  ['a list of nested objects', `[${'{"":'.repeat(1500)}1${'}'.repeat(1500)}]`],
  ['a list of 5,000 items', `[${Array.from({ length: 5000 }, () => '1').join(',')}]`],
  ['JSON that has no end', '{"a":'],
  ['another key of that name', '{"__proto__":{"a":1}}'],
]

const keys = ['custom', 'custom.n', 'first_name', 'id', 'timezone', 'profile']

it.each(values)('A filter for %s finds nobody, and one for others everybody', async (_, value) => {
  for (const key of keys) {
    expect([key, await found({ [`filter_${key}`]: value })]).toEqual([key, 0])
    expect([key, await found({ [`filter_not_${key}`]: value })]).toEqual([key, 1])
  }
})

it.each([
  ['of 6,000 segments', 'a.'.repeat(6000)],
  ['of 6,000 empty segments', '.'.repeat(6000)],
  ['with U+0000', 'custom.\0'],
  ['with a number that is none', 'custom.list.99999999999999999999'],
  ['like a path of Postgres', '{custom,n}'],
  ['like a JSON path', '$.custom[*]'],
])('A key %s is nowhere', async (_, key) => {
  const counts = ['filter_', 'filter_not_'].map((filter) => found({ [filter + key]: '5' }))
  const byKey = ['has_key', 'has_value', 'key_missing', 'missing_value'].map((filter) => found({ [filter]: key }))
  expect(await Promise.all([...counts, ...byKey])).toEqual([0, 1, 0, 0, 1, 1])
})

it('A list has at most fifty filters, of whatever kinds', async () => {
  const list = (count: number) => {
    const filters = Array.from({ length: count }, (_, n) => (n % 2 === 0 ? `filter_not_a.${n}=1` : `key_missing=${n}`))
    return kazoo.call('GET', `${account.users}?${filters.join('&')}`)
  }
  expect((await list(50)).status).toBe(200)
  for (const count of [51, 700]) {
    const { status, body } = await list(count)
    expect([status, body.data]).toEqual([
      400,
      { filter: { maxItems: { message: 'A list must not have more than 50 filters', target: 50 } } },
    ])
  }
})

it.each(['%ED%A0%80', '%FF', '%', '%00', '%u0000'])('What is no text is answered: %s', async (bytes) => {
  for (const query of [`filter_x=${bytes}`, `filter_${bytes}=x`, `has_key=${bytes}`, `start_key=${bytes}`]) {
    expect([query, (await kazoo.call('GET', `${account.users}?${query}`)).status]).toEqual([
      query,
      expect.toSatisfy((status) => status === 200 || status === 400),
    ])
  }
})

async function found(query: Readonly<Record<string, string>>): Promise<unknown> {
  const text = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const answer = await kazoo.call('GET', `${account.users}?${text.join('&')}`)
  return answer.status === 200 ? (answer.body.data as unknown[]).length : answer.text
}

/** As short as can be, so that as much as can be comes in. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:5B|5D|7B|7D|2C|3A)/g, decodeURIComponent)
}
