import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expandingNames } from '../../../libs/infrastructure/postgres/expanding-names.fixture.ts'
import { TestKitter } from '../../support/test-kitter.ts'
import { NativeApi, type Reply, type SearchShape } from './native-api.fixture.ts'
import { answer, invalid, invalidBecause, pathsIn } from './refusal.fixture.ts'

type Query = [key: string, value: string][]

let kitter: TestKitter
let api: NativeApi

beforeAll(async () => {
  kitter = await TestKitter.start()
  api = new NativeApi(kitter)
  for (const domain of ['north.example', 'south.example']) await kitter.createDomain(domain)
  await kitter.createDomain('deep.north.example', 'north.example')
  const people: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    jose: {
      email: 'Jose.G@north.example',
      first_name: 'José',
      last_name: 'García',
      attributes: { domain: 'north.example', phone_number: '+34 612 345 678', colour: ['Red', 'blue'] },
    },
    jaz: { first_name: 'Jazmín', last_name: 'Garza', attributes: { domain: 'deep.north.example', colour: 'green' } },
    omar: {
      first_name: 'Omar',
      last_name: '100%_\\',
      attributes: { domain: 'south.example', phone_number: '34612345678' },
    },
    anna: { first_name: 'Anna', attributes: { domain: 'south.example', colour: 'dark red' } },
  }
  for (const [username, fields] of Object.entries(people)) await kitter.createUser(username, fields)
})
afterAll(() => kitter[Symbol.asyncDispose]())

const search = (...query: Query): Promise<Reply<SearchShape>> => api.searchUsers(new URLSearchParams(query).toString())

/** The usernames, in their order. */
async function found(...query: Query): Promise<string[]> {
  const { status, body } = await search(...query)
  expect(status).toBe(200)
  expect([body.total, body.total_is_estimate]).toEqual([body.users.length, false])
  expect(body).not.toHaveProperty('next')
  return body.users.map(({ username }) => username)
}

describe('A search', () => {
  it('answers users as every other operation does, and how many there are', async () => {
    const { users } = (await api.listUsers({ username: 'jose', exact: 'true' })).body
    expect(await search(['q', 'garcia'])).toEqual(answer(200, { users, total: 1, total_is_estimate: false }))
  })

  it('finds everybody when nothing is asked for', async () => {
    expect(await found()).toEqual(['anna', 'jaz', 'jose', 'omar'])
  })

  it('finds what people type', async () => {
    expect(await found(['q', 'GARCIA jose'])).toEqual(['jose'])
    expect(await found(['q', 'gar'])).toEqual(['jaz', 'jose'])
    expect(await found(['q', '612-345'])).toEqual(['jose', 'omar'])
    expect(await found(['q', 'north'])).toEqual(['jose'])
    expect(await found(['q', 'nobody'])).toEqual([])
  })

  it('finds by fields and attributes, all together', async () => {
    expect(await found(['starts_with[last_name]', 'gar'])).toEqual(['jaz', 'jose'])
    expect(await found(['starts_with[last_name]', 'gar'], ['contains[attributes.colour]', 'RED'])).toEqual(['jose'])
    expect(await found(['contains[attributes.colour]', 'red'])).toEqual(['anna', 'jose'])
    expect(await found(['equals[attributes.colour]', 'red'])).toEqual(['jose'])
    expect(await found(['equals[email]', 'jose.g@NORTH.example'])).toEqual(['jose'])
    expect(await found(['equals[phone_number]', '(34) 612.345.678'])).toEqual(['jose', 'omar'])
    expect(await found(['contains[first_name]', 'jaz'], ['contains[first_name]', 'min'])).toEqual(['jaz'])
    expect(await found(['contains[first_name]', 'jaz'], ['contains[first_name]', 'omar'])).toEqual([])
  })

  it('minds case and accents where it is asked to', async () => {
    expect(await found(['match', 'exact'], ['equals[first_name]', 'José'])).toEqual(['jose'])
    expect(await found(['match', 'exact'], ['equals[first_name]', 'Jose'])).toEqual([])
    expect(await found(['match', 'folded'], ['equals[first_name]', 'JOSE'])).toEqual(['jose'])
  })

  it('takes wildcards as they are', async () => {
    for (const value of ['%', '_', '\\', '100%_\\']) expect(await found(['q', value])).toEqual(['omar'])
    for (const value of ['%%%', '*', '?', 'j%e', "' OR 1=1 --", '100_']) expect(await found(['q', value])).toEqual([])
  })

  it('keeps to a domain', async () => {
    expect(await found(['domain', 'SOUTH.example'])).toEqual(['anna', 'omar'])
    expect(await found(['domain', 'north.example'], ['q', 'gar'])).toEqual(['jose'])
    expect(await found(['domain', 'nowhere.example'])).toEqual([])
  })

  it('shows a domain admin only those of its domain and below', async () => {
    const admin = new NativeApi(kitter, await kitter.token('kitter-domain-admin', 'north.example'))
    const seen = async (query: string): Promise<unknown> => {
      const { body } = await admin.searchUsers(query)
      return { names: body.users.map(({ username }) => username), total: body.total }
    }
    expect(await seen('')).toEqual({ names: ['jaz', 'jose'], total: 2 })
    expect(await seen('q=612345678')).toEqual({ names: ['jose'], total: 1 })
    expect(await seen('domain=south.example')).toEqual({ names: [], total: 0 })
  })

  it('finds a change at once, and no longer what is gone', async () => {
    const { id } = await kitter.createUser('fresh', { first_name: 'Fräsh' })
    expect(await found(['q', 'frash'])).toEqual(['fresh'])
    await api.updateUser(id, { first_name: 'Stale', attributes: { seat: '7a' } })
    expect(await found(['q', 'frash'])).toEqual([])
    expect(await found(['equals[attributes.seat]', '7A'], ['q', 'stale'])).toEqual(['fresh'])
    await api.removeUser(id)
    expect(await found(['q', 'stale'])).toEqual([])
  })

  it('does not hide the users of a path', async () => {
    const named = await kitter.createUser('search', { attributes: { domain: 'north.example' } })
    expect((await api.readUser(named.id)).status).toBe(200)
    expect((await api.findUser('north.example', 'search')).status).toBe(200)
    await api.removeUser(named.id)
  })
})

describe('Pages of a search', () => {
  async function walked(query: string): Promise<string[]> {
    const names: string[] = []
    let after = ''
    do {
      const { status, body } = await api.searchUsers(`${query}${after}`)
      expect(status).toBe(200)
      expect(body.total).toBe(4)
      names.push(...body.users.map(({ username }) => username))
      after = body.next === undefined ? '' : `&after=${body.next}`
    } while (after !== '')
    return names
  }

  it.each([
    ['username', ['anna', 'jaz', 'jose', 'omar']],
    ['-username', ['omar', 'jose', 'jaz', 'anna']],
    ['created_at', ['jose', 'jaz', 'omar', 'anna']],
    ['-created_at', ['anna', 'omar', 'jaz', 'jose']],
    ['last_name', ['anna', 'omar', 'jose', 'jaz']],
    ['-last_name', ['jaz', 'jose', 'omar', 'anna']],
  ])('by %s are in order, whatever their size, at any replica', async (sort, names) => {
    for (const limit of [1, 2, 3, 4, 1000]) expect(await walked(`sort=${sort}&limit=${limit}`)).toEqual(names)
  })

  it('go on behind names that folding makes much longer, and that a change may bring', async () => {
    const { firstName, lastName } = expandingNames()
    const wide = '\u3316'.repeat(255)
    const ids: string[] = []
    for (const username of ['wide-1', 'wide-2'])
      ids.push((await kitter.createUser(username, { first_name: wide, last_name: wide })).id)
    const { id } = await kitter.createUser('wide-3')
    expect((await api.updateUser(id, { first_name: firstName, last_name: lastName })).status).toBe(200)
    for (const sort of ['last_name', '-last_name']) {
      const names: string[] = []
      let after = ''
      do {
        const { status, body } = await api.searchUsers(`starts_with[username]=wide&limit=1&sort=${sort}${after}`)
        expect(status).toBe(200)
        names.push(...body.users.map(({ username }) => username))
        after = body.next === undefined ? '' : `&after=${body.next}`
      } while (after !== '')
      expect(names.toSorted()).toEqual(['wide-1', 'wide-2', 'wide-3'])
    }
    for (const gone of [...ids, id]) expect((await api.removeUser(gone)).status).toBe(204)
  })

  it('are of another size in the middle, if somebody wants them so', async () => {
    const { body } = await api.searchUsers('limit=1')
    const rest = await api.searchUsers(`limit=1000&after=${body.next}`)
    expect(rest.body.users.map(({ username }) => username)).toEqual(['jaz', 'jose', 'omar'])
  })

  it('neither skip nor repeat while users come and go', async () => {
    const { body } = await api.searchUsers('limit=2')
    const { id } = await kitter.createUser('aa-first')
    const rest = await api.searchUsers(`limit=2&after=${body.next}`)
    expect(rest.body.users.map(({ username }) => username)).toEqual(['jose', 'omar'])
    await api.removeUser(id)
  })

  it('are refused with a mark that is forged, cut, or of something else', async () => {
    const { next = '' } = (await api.searchUsers('limit=1')).body
    const forged = Buffer.from(next, 'base64url')
    forged[forged.length - 1]! ^= 1
    const others = [
      `after=${forged.toString('base64url')}`,
      `after=${next.slice(0, -4)}`,
      `after=${next}AAAA`,
      `after=${'A'.repeat(64)}`,
      `after=${'A'.repeat(4096)}`,
      `after=A`,
      `q=jo&after=${next}`,
      `domain=north.example&after=${next}`,
      `sort=-username&after=${next}`,
      `match=exact&after=${next}`,
      `contains[username]=a&after=${next}`,
    ]
    for (const query of others) expect(pathsIn((await api.searchUsers(query)).body), query).toEqual(['after'])
    for (const value of ['', '%00', '..', 'a b', '%0d%0a', 'A'.repeat(4097), 'ä', 'a=', 'a%2Bb'])
      expect(pathsIn((await api.searchUsers(`after=${value}`)).body), value).toEqual(['after'])
    const admin = new NativeApi(kitter, await kitter.token('kitter-domain-admin', 'quobis'))
    expect(pathsIn((await admin.searchUsers(`after=${next}`)).body)).toEqual(['after'])
  })
})

describe('A search that is wrong', () => {
  it.each([
    ['q=', 'q'],
    ['q=%20%09', 'q'],
    ['q=%CC%81', 'q'],
    ['q=%00', 'q'],
    ['q=a%00b', 'q'],
    ['q=a%0ab', 'q'],
    ['q=%1b', 'q'],
    [`q=${'a'.repeat(256)}`, 'q'],
    [`q=${'a'.repeat(10_000)}`, 'q'],
    [`q=${'a%20'.repeat(17)}`, 'q'],
    ['q=a&q=b', 'q'],
    ['domain=%00', 'domain'],
    ['match=', 'match'],
    ['match=EXACT', 'match'],
    ['sort=', 'sort'],
    ['sort=email', 'sort'],
    ['sort=%2Busername', 'sort'],
    ['sort=--username', 'sort'],
    ['sort=username,created_at', 'sort'],
    ['sort=username&sort=username', 'sort'],
    ['sort=id;DROP', 'sort'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=1', 'limit'],
    ['contains=a', 'contains'],
    ['contains[]=a', 'contains[]'],
    ['contains[username]=', 'contains[username]'],
    ['contains[username]=%00', 'contains[username]'],
    ['contains[username]=%07', 'contains[username]'],
    [`contains[username]=${'a'.repeat(256)}`, 'contains[username]'],
    [`contains[username]=${'a'.repeat(10_000)}`, 'contains[username]'],
    ['contains[username]=a&contains[username]=', 'contains[username]'],
    ['contains[nonsense]=a', 'contains[nonsense]'],
    ['contains[id]=a', 'contains[id]'],
    ['contains[Username]=a', 'contains[Username]'],
    ['contains[attributes]=a', 'contains[attributes]'],
    ['contains[attributes.]=a', 'contains[attributes.]'],
    ['contains[attributes.domain]=a', 'contains[attributes.domain]'],
    ['contains[__proto__]=a', 'contains[__proto__]'],
    ['contains[constructor]=a', 'contains[constructor]'],
    ['contains[username][]=a', 'contains[username][]'],
    ['starts_with[phone_number]=abc', 'starts_with[phone_number]'],
    ['equals[attributes.x]=', 'equals[attributes.x]'],
    [`equals[username]=a${'&equals[username]=a'.repeat(20)}`, 'equals'],
    ['ends_with[username]=a', 'ends_with[username]'],
    ['nonsense=1', 'nonsense'],
    ['paginate[max]=1', 'paginate[max]'],
  ])('is refused: %s', async (query, path) => {
    const { status, body, text } = await api.searchUsers(query)
    expect([status, text]).toEqual([400, expect.stringContaining('request.invalid')])
    expect(pathsIn(body)).toEqual([path])
  })

  it('is told all at once, each as it was written', async () => {
    const query = 'q=&sort=x&limit=x&contains[x]=1&contains[y]=1&starts_with[username]=%00'
    expect(await api.searchUsers(query)).toEqual(
      invalid('q', 'starts_with[username]', 'contains[x]', 'contains[y]', 'sort', 'limit'),
    )
  })

  it('says what fields there are', async () => {
    expect(await api.searchUsers('contains[x]=1')).toEqual(
      invalidBecause(
        'contains[x]',
        'must be one of username, email, first_name, last_name, phone_number or attributes.…',
      ),
    )
  })

  it('may look for the strangest attributes', async () => {
    const names = ['__proto__', 'constructor', 'a]b', "a'b", '%', 'ключ', 'a.b', 'x'.repeat(200)]
    for (const name of names) expect(await found([`equals[attributes.${name}]`, 'x']), name).toEqual([])
  })
})

it('A search that takes too long is given up after three seconds, and says so', async () => {
  const client = new pg.Client({ connectionString: kitter.databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN; LOCK TABLE kitter.users IN ACCESS EXCLUSIVE MODE')
    const { status, body } = await kitter.call('GET', '/users/search?q=anna')
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error: 'The search takes too long. Say more of what you look for, or name a domain.',
        code: 'search.too_slow',
        request_id: expect.any(String),
      },
    })
  } finally {
    await client.end()
  }
  expect(await found(['q', 'anna'])).toEqual(['anna'])
})

it('Of many slow searches at once most are told to come back, and nothing else is held up', async () => {
  const client = new pg.Client({ connectionString: kitter.databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN; LOCK TABLE kitter.users IN ACCESS EXCLUSIVE MODE')
    const searches = Promise.all(Array.from({ length: 60 }, () => api.searchUsers('q=anna')))
    expect((await api.listDomains()).status).toBe(200)
    const answers = await searches
    const crowded = answers.filter(({ status }) => status === 503)
    expect(crowded.length).toBeGreaterThanOrEqual(40)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(60 - crowded.length)
    for (const { body, headers } of crowded) {
      expect(body).toMatchObject({ code: 'search.crowded', error: expect.stringContaining('Try again in a moment.') })
      expect(headers.get('retry-after')).toBe('5')
    }
  } finally {
    await client.end()
  }
  expect(await found(['q', 'anna'])).toEqual(['anna'])
})
