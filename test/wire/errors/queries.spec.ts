import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { census } from './census.fixture.ts'
import { expectRefusal, invalid } from './refusal.fixture.ts'
import { createSubjects, pathOf, type Route, type Subjects, withQuery } from './routes.fixture.ts'
import { WireClient } from './wire-client.fixture.ts'

let kitter: TestKitter
let client: WireClient
let subjects: Subjects
let before: unknown

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  client = new WireClient(kitter)
  subjects = await createSubjects(kitter)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await kitter[Symbol.asyncDispose]()
})
beforeEach(async () => {
  before = await census(kitter)
})
afterEach(async () => {
  expect(await census(kitter)).toEqual(before)
})

const isPaging = (key: string): boolean => key.startsWith('paginate')
const isOneOfSome = (key: string): boolean => ['state', 'outcome', 'match', 'sort'].includes(key)
/** Those that come with brackets, and what only kitter can give. */
const isOtherwise = (key: string): boolean => ['starts_with', 'contains', 'equals', 'after'].includes(key)
const isText = (key: string): boolean =>
  !isNumber(key) && !isBoolean(key) && !isOneOfSome(key) && !isOtherwise(key) && key !== 'since'
const isNumber = (key: string): boolean => isPaging(key) || key === 'limit'
const isBoolean = (key: string): boolean => key === 'exact' || key === 'email_verified'

async function expectRefused(route: Pick<Route, 'path'>, query: string, ...fields: readonly string[]): Promise<void> {
  expectRefusal(
    await client.call('GET', `${pathOf(route, subjects)}?${query}`),
    invalid(...fields),
    query.slice(0, 300),
  )
}

const noNumbers = [
  'x',
  '1.5',
  '1e3',
  '-1',
  '+1',
  '%2B1',
  '0x10',
  '',
  '%20',
  '1%20',
  '1,000',
  '%EF%BC%91',
  '%D9%A3',
  'NaN',
  'null',
  '1;',
  '1%00',
]

describe.each(withQuery.filter(([, { query = [] }]) => query.some(isPaging)))('%s', (_, route) => {
  it('refuses pages that are none', async () => {
    for (const value of [...noNumbers, '0', '1001', '1000000000', '99999999999999999999']) {
      await expectRefused(route, `paginate[max]=${value}`, 'paginate[max]')
      await expectRefused(route, `paginate%5Bmax%5D=${value}`, 'paginate[max]')
    }
    for (const value of [...noNumbers, '1000001', '99999999999999999999']) {
      await expectRefused(route, `paginate[page]=${value}`, 'paginate[page]')
    }
  })

  it('takes all pages that are some', async () => {
    for (const paging of [
      'paginate[max]=1',
      'paginate[max]=1000',
      'paginate%5Bmax%5D=1&paginate%5Bpage%5D=0',
      'paginate[page]=1000000&paginate[max]=1000',
      'paginate[max]=%31',
    ]) {
      const answer = await client.call('GET', `${pathOf(route, subjects)}?${paging}`)
      const total = ['/operations', '/audit'].includes(route.path) ? expect.any(Number) : 1
      expect(answer, paging).toMatchObject({ status: 200, body: { total } })
    }
  })
})

describe.each(withQuery)('%s', (_, route) => {
  const { path, query = [] } = route

  it('refuses keys that it does not know', async () => {
    const strangers = [
      'nonsense',
      'page',
      'max',
      'limit',
      'paginate',
      'paginate[size]',
      'paginate[max][]',
      'paginate.max',
    ]
    const cased = query.map((key) => key.toUpperCase())
    const lists = query.map((key) => `${key}[]`)
    const inherited = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '__proto__[x]',
      'constructor[prototype]',
    ]
    for (const key of [...strangers, ...cased, ...lists, ...inherited].filter((name) => !query.includes(name))) {
      for (const value of ['', '=', '=x', '=1', '=%00']) await expectRefused(route, `${key}${value}`, key)
    }
    await expectRefused(route, '=x', '')
    await expectRefused(route, '%F0%9F%98%80=x', '😀')
  })

  it('refuses a key that is given twice', async () => {
    for (const key of query) {
      const value = isNumber(key) ? '1' : isBoolean(key) ? 'true' : 'x'
      await expectRefused(route, `${key}=${value}&${key}=${value}`, key)
      await expectRefused(route, `${key}=${value}&${key}`, key)
      await expectRefused(route, `${key}=&${key}=${value}&${key}=${value}`, key)
    }
  })

  it('refuses what is neither true nor false', async () => {
    for (const key of query.filter(isBoolean)) {
      for (const value of ['', '1', '0', 'yes', 'TRUE', 'True', 'true%20', 'null', 'true,false', '%00']) {
        await expectRefused(route, `${key}=${value}`, key)
      }
    }
  })

  it('refuses what is no state, no outcome and no time', async () => {
    const noTimes = [
      '',
      'x',
      '0',
      '1760000000',
      'yesterday',
      '2026',
      '2026-10',
      '2026-13-01',
      '2026-02-30',
      '2026-10-12T10:00:00',
    ]
    const noTimesEither = [
      '2026-10-12T25:00:00Z',
      '2026-10-12%2010:00:00Z',
      '2026-10-12T10:00:00+02:00',
      '2026-10-12T10:00:00Z%00',
    ]
    for (const key of query.filter((known) => known === 'since')) {
      for (const value of [...noTimes, ...noTimesEither]) await expectRefused(route, `${key}=${value}`, key)
      for (const value of [
        '2026-10-12',
        '2024-02-29T10:00Z',
        '2026-10-12T10:00:00.123Z',
        '2026-10-12T10:00:00%2B02:00',
      ]) {
        expect((await client.call('GET', `${pathOf(route, subjects)}?${key}=${value}`)).status, value).toBe(200)
      }
    }
    for (const key of query.filter(isOneOfSome)) {
      for (const value of ['', 'x', 'DONE', 'done,open', 'done%20']) await expectRefused(route, `${key}=${value}`, key)
    }
  })

  it('refuses text that nothing can be called', async () => {
    const texts = [
      '%00',
      'a%00b',
      '%0a',
      'a%0d%0aSet-Cookie:%20a=b',
      '%1b[2J',
      '%7f',
      'a'.repeat(256),
      'a'.repeat(10_000),
    ]
    for (const key of query.filter((known) => !isNumber(known) && !isBoolean(known))) {
      for (const text of texts) await expectRefused(route, `${key}=${text}`, key)
    }
  })

  it('tells all that is wrong at once', async () => {
    const wrong = query.map((key) => `${key}=%00`)
    await expectRefused(route, [...wrong, 'nonsense=1', 'constructor=1'].join('&'), ...query, 'nonsense', 'constructor')
  })

  it('reads wildcards, quotes and broken escapes as text', async () => {
    const texts = [
      '%25',
      '_',
      '%',
      '%zz',
      '%e0%a4',
      '*',
      '.*',
      "'",
      "x'%20OR%20'1'='1",
      '\\',
      '%5c%25',
      '"',
      '$1',
      '%F0%9F%98%80',
    ]
    for (const key of query.filter(isText)) {
      for (const text of texts) {
        const answer = await client.call('GET', `${pathOf(route, subjects)}?${key}=${text}`)
        const list = ['/callerIdManager', '/audit'].includes(path) ? 'entries' : (path.split('/')[1] ?? '')
        expect(answer, `${key}=${text}`).toMatchObject({ status: 200, body: { [list]: [] } })
      }
    }
  })

  it('refuses more keys than anybody reads', async () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `x${index}`)
    await expectRefused(route, keys.join('&'), ...keys)
  })
})
