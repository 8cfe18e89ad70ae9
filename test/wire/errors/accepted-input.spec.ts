import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { bodies, bodyWith, type FieldRule } from './fields.fixture.ts'
import {
  type Body,
  createSubjects,
  named,
  pathOf,
  type Route,
  type Subjects,
  uniqueName,
  withBody,
} from './routes.fixture.ts'
import { WireClient } from './wire-client.fixture.ts'

const mebibyte = 1024 * 1024

let kitter: TestKitter
let client: WireClient
let subjects: Subjects

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on', REMOTE_SIP_REGISTER_ENABLED: 'on' })
  client = new WireClient(kitter)
  subjects = await createSubjects(kitter)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await kitter[Symbol.asyncDispose]()
})

interface User {
  readonly id: string
  readonly username: string
  readonly attributes: Readonly<Record<string, unknown>>
}

const userIn = ({ body }: Answer): User => (body as { user: User }).user

function routeOf(name: string): Route {
  const route = named.find(([known]) => known === name)?.[1]
  if (route === undefined) throw new Error(`no route ${name}`)
  return route
}

async function expectAccepted(name: string, body: Body, what: string): Promise<Answer> {
  const route = routeOf(name)
  const answer = await client.call(route.method, pathOf(route, subjects), { body })
  expect({ status: answer.status, text: answer.status === route.success ? '' : answer.text }, what).toEqual({
    status: route.success,
    text: '',
  })
  return answer
}

describe('Text of the greatest length', () => {
  const texts = Object.entries(bodies)
    .filter(([name]) => name.startsWith('POST'))
    .flatMap(([name, fields]) =>
      fields.flatMap((field) => (field.text === undefined ? [] : [[`${name}: ${field.path}`, name, field] as const])),
    )
    // a domain must be there already
    .filter(([, , { path }]) => !path.endsWith('parent') && path !== 'scope')

  it.each(texts)('is accepted: %s', async (_, name, { path, kind, longest = 0, text = String }: FieldRule) => {
    const longestText = text(longest)
    expect(longestText).toHaveLength(longest)
    const answer = await expectAccepted(
      name,
      bodyWith(name, path, kind === 'texts' ? [longestText] : longestText, uniqueName()),
      path,
    )
    if (!path.includes('password') && !path.includes('sip_mapping')) expect(answer.text).toContain(longestText)
  })

  it('is accepted in attributes', async () => {
    const attributes = {
      ['k'.repeat(255)]: 'v'.repeat(2048),
      list: ['v'.repeat(2048), 'w'.repeat(2048)],
      phone_number: '1'.repeat(255),
    }
    const body = bodyWith('POST /users', 'user.attributes', attributes, uniqueName())
    expect(userIn(await expectAccepted('POST /users', body, 'attributes')).attributes).toEqual({
      ...attributes,
      domain: 'quobis',
    })
  })

  it('is counted in UTF-16 code units', async () => {
    const body = bodyWith('POST /users', 'user.first_name', '😀'.repeat(127), uniqueName())
    await expectAccepted('POST /users', body, '254 units')
  })
})

describe('A body of exactly 1 MiB', () => {
  it.each(withBody)('is read: %s', async (name, route) => {
    const text = JSON.stringify(route.body?.(uniqueName()))
    const answer = await client.json(route.method, pathOf(route, subjects), text.padEnd(mebibyte))
    expect(answer.status, `${name}: ${answer.text}`).toBe(route.success)
  })

  it('is read in chunks, too', async () => {
    const raw = JSON.stringify({ user: { username: uniqueName() } }).padStart(mebibyte)
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    expect((await client.call('POST', '/users', { raw, headers })).status).toBe(201)
  })

  it('may be full of attributes', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`key-${index}`, 'v'.repeat(2048)]))
    const created = await expectAccepted(
      'POST /users',
      { user: { username: uniqueName(), attributes } },
      '400 attributes',
    )
    const { id } = userIn(created)
    const read = userIn(await client.call('GET', `/users/${id}`))
    expect(read.attributes).toEqual({ ...attributes, domain: 'quobis' })
  })
})

describe('JSON', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/json; nonsense=1',
  ])('is JSON as %s', async (type) => {
    const raw = JSON.stringify({ user: { username: uniqueName() } })
    expect((await client.call('POST', '/users', { raw, headers: { 'content-type': type } })).status).toBe(201)
  })

  it('may begin with a byte order mark, and be escaped all over', async () => {
    const name = uniqueName()
    const escaped = name.replace(/./g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    const answer = await client.json('POST', '/users', `\ufeff \r\n\t{"user":{"\\u0075sername":"${escaped}"}}`)
    expect(answer.status).toBe(201)
    expect(userIn(answer).username).toBe(name)
  })

  it('goes by the last of keys that are alike', async () => {
    const [first, last] = [uniqueName(), uniqueName()]
    const answer = await client.json('POST', '/users', `{"user":{"username":"${first}","username":"${last}"}}`)
    expect(answer.status).toBe(201)
    expect(userIn(answer).username).toBe(last)
    expect((await client.call('GET', `/users/quobis/${first}`)).status).toBe(404)
  })

  it('may have an id, which is ignored', async () => {
    for (const id of ['mine', 5, null, {}, [], subjects.user.id]) {
      const answer = await expectAccepted('POST /users', { user: { id, username: uniqueName() } }, JSON.stringify(id))
      expect(userIn(answer).id).not.toBe(id)
    }
    const renamed = await client.call('PATCH', `/users/${subjects.user.id}`, { body: { id: 'mine', last_name: 'Doe' } })
    expect(userIn(renamed).id).toBe(subjects.user.id)
  })

  it('in surrogate pairs is one character', async () => {
    const answer = await client.json(
      'POST',
      '/users',
      `{"user":{"username":"${uniqueName()}","first_name":"\\ud83d\\ude00"}}`,
    )
    expect(answer.body).toMatchObject({ user: { first_name: '😀' } })
  })
})

describe('Names of any script', () => {
  const names = [
    '😀',
    '👩‍👩‍👧‍👦 Family',
    'שלום',
    'مرحبا بالعالم',
    'Ελένη',
    '李小龍',
    'Nguyễn Thị Ánh',
    'Nguyễn',
    'O’Brien-Smith, Jr.',
    "Robert'); DROP TABLE users;--",
    '../../etc/passwd',
    '100%_\\',
    'trailing.',
    ' leading and trailing ',
    '${7*7}{{7*7}}',
    '\u2028\u200d\ufeff',
    'null',
    '&lt;b&gt;',
  ]

  it.each(names)('are kept as they are: %s', async (name) => {
    const username = uniqueName()
    const attributes = { note: name, notes: [name, 'another'], [`key ${name}`]: 'value', phone_number: name }
    const created = await expectAccepted(
      'POST /users',
      { user: { username, first_name: name, last_name: name, attributes } },
      name,
    )
    const { id } = userIn(created)
    for (const answer of [
      created,
      await client.call('GET', `/users/${id}`),
      await client.call('PATCH', `/users/${id}`, { body: { enabled: true } }),
    ]) {
      expect(answer.body).toMatchObject({ user: { first_name: name, last_name: name, attributes } })
    }
    const found = await client.call('GET', `/users?phone_number=${encodeURIComponent(name)}`)
    expect(found.body).toMatchObject({ total: 1, users: [{ id }] })
  })

  it.each(['שלום', 'ελένη', '李小龍', "o'brien", 'a_b', '..', '.', 'a+b@example', '١٢٣', 'ñandú'])(
    'log in: %s',
    async (username) => {
      const { id } = userIn(await expectAccepted('POST /users', { user: { username } }, username))
      const path = `/users/quobis/${encodeURIComponent(username).replaceAll('.', '%2E')}`
      expect((await client.call('GET', path)).body).toMatchObject({ id, username })
    },
  )

  it('are the same composed and decomposed, in capitals or not', async () => {
    const username = `${uniqueName()}-Ñandú`
    await expectAccepted('POST /users', { user: { username: username.normalize('NFD') } }, username)
    const again = await client.call('POST', '/users', { body: { user: { username: username.toUpperCase() } } })
    expect(again).toMatchObject({ status: 409, body: { code: 'user.name_taken' } })
    const found = await client.call('GET', `/users?exact=true&username=${encodeURIComponent(username.toUpperCase())}`)
    expect(found.body).toMatchObject({ total: 1 })
  })
})

describe('Wildcards', () => {
  it('are literal in every filter of users', async () => {
    const name = uniqueName()
    for (const user of [`${name}a_b`, `${name}axb`]) {
      await expectAccepted(
        'POST /users',
        { user: { username: user, email: `${user}@example.com`, attributes: { phone_number: `${user}%` } } },
        user,
      )
    }
    const total = async (query: string) => (await client.call('GET', `/users?${query}`)).body as unknown
    expect(await total(`username=${name}a_b`)).toMatchObject({ total: 1 })
    expect(await total(`username=${name}a%25b`)).toMatchObject({ total: 0 })
    expect(await total(`username=${name}a`)).toMatchObject({ total: 2 })
    expect(await total(`email=${name}a_b@`)).toMatchObject({ total: 1 })
    expect(await total(`email=${name}%25`)).toMatchObject({ total: 0 })
    expect(await total(`phone_number=${name}a_b%25`)).toMatchObject({ total: 1 })
    expect(await total('phone_number=%25')).toMatchObject({ total: 0 })
    expect(await total('domain=%25')).toMatchObject({ total: 0 })
  })

  it('are literal in the filters of domains', async () => {
    const name = uniqueName()
    for (const domain of [`${name}-a_b`, `${name}-axb`]) await kitter.createDomain(domain)
    const found = async (query: string) =>
      (await client.call('GET', `/domains?${query}`)).body as { domains: unknown[] }
    expect((await found(`nameContains=${name}-a_b`)).domains).toHaveLength(1)
    expect((await found(`nameContains=${name}-A`)).domains).toHaveLength(2)
    expect((await found(`nameContains=${name}%25`)).domains).toHaveLength(0)
    expect((await found(`name=${name}-a%25`)).domains).toHaveLength(0)
  })

  it('are literal in the filters of entries', async () => {
    const name = uniqueName()
    for (const entry of [`${name}_b`, `${name}xb`, `${name}\\%`]) {
      await expectAccepted('POST /callerIdManager', { name: entry, value: `${entry}%` }, entry)
    }
    const total = async (query: string) => (await client.call('GET', `/callerIdManager?${query}`)).body as unknown
    expect(await total(`nameContains=${name}_`)).toMatchObject({ total: 1 })
    expect(await total(`nameContains=${name}%5C%25`)).toMatchObject({ total: 1 })
    expect(await total(`valueContains=${name}xb%25`)).toMatchObject({ total: 1 })
    expect(await total(`valueContains=${name}%25`)).toMatchObject({ total: 0 })
  })
})

describe('Names that every object has', () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'then', 'length']

  it('are names of attributes like any other', async () => {
    const attributes = Object.fromEntries(names.map((name) => [name, `${name}'s value`]))
    const { id } = userIn(await expectAccepted('POST /users', { user: { username: uniqueName(), attributes } }, 'all'))
    const read = async () => userIn(await client.call('GET', `/users/${id}`)).attributes
    expect(await read()).toEqual({ ...attributes, domain: 'quobis' })
    await client.call('PATCH', `/users/${id}`, { body: { attributes: { constructor: ['a', 'b'], toString: null } } })
    const rest = Object.entries(attributes).filter(([name]) => name !== 'toString')
    expect(await read()).toEqual({ ...Object.fromEntries(rest), constructor: ['a', 'b'], domain: 'quobis' })
    for (const name of names) await client.call('PATCH', `/users/${id}`, { body: { attributes: { [name]: [] } } })
    expect(await read()).toEqual({ domain: 'quobis' })
  })

  it('are names of users, domains and entries', async () => {
    for (const name of names) {
      await expectAccepted('POST /users', { user: { username: name } }, name)
      await expectAccepted('POST /domains', { domain: { domain: name } }, name)
      await expectAccepted('POST /callerIdManager', { name, value: name }, name)
      expect((await client.call('GET', `/users/quobis/${name}`)).body).toMatchObject({ username: name.toLowerCase() })
      expect((await client.call('GET', `/callerIdManager/${name}`)).body).toEqual({ name, value: name })
    }
  })
})

describe('An entry of any name', () => {
  const names = [
    'a/b',
    '../x',
    '%',
    '%2F',
    '100%',
    '?',
    '#',
    'a b',
    ' ',
    '+34',
    '😀',
    'שלום',
    "'",
    '"',
    '\\',
    '..',
    'reload?',
    'A',
    'a',
    ';',
  ]

  it.each(names)('is found and deleted by it: %j', async (name) => {
    await expectAccepted('POST /callerIdManager', { name, value: name }, name)
    const path = `/callerIdManager/${encodeURIComponent(name).replaceAll('.', '%2E')}`
    expect(await client.call('GET', path)).toMatchObject({ status: 200, body: { name, value: name } })
    expect((await client.call('DELETE', path)).status).toBe(204)
    expect((await client.call('GET', path)).status).toBe(404)
  })
})
