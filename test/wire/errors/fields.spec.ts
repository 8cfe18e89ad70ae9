import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { census } from './census.fixture.ts'
import { bodies, bodyWith, completeBody, type FieldRule, withField, wrongValuesOf } from './fields.fixture.ts'
import { expectRefusal, invalid } from './refusal.fixture.ts'
import { createSubjects, named, pathOf, type Route, type Subjects, uniqueName } from './routes.fixture.ts'

let kitter: TestKitter
let subjects: Subjects
let before: unknown

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  subjects = await createSubjects(kitter)
})
afterAll(() => kitter[Symbol.asyncDispose]())
beforeEach(async () => {
  before = await census(kitter)
})
afterEach(async () => {
  expect(await census(kitter)).toEqual(before)
})

const everyField = Object.entries(bodies).flatMap(([name, fields]) =>
  fields.map((field) => [`${name}: ${field.path}`, name, field] as const),
)

function routeOf(name: string): Route {
  const route = named.find(([known]) => known === name)?.[1]
  if (route === undefined) throw new Error(`no route ${name}`)
  return route
}

async function expectRefused(name: string, body: unknown, fields: readonly string[]): Promise<void> {
  const route = routeOf(name)
  const answer = await kitter.call(route.method, pathOf(route, subjects), { body })
  expectRefusal(answer, invalid(...fields), JSON.stringify(body).slice(0, 500))
}

/** Several places below a field are listed with commas between them. */
function placesOf({ path }: FieldRule, below: string | undefined): string[] {
  return below === undefined ? [path] : below.split(',').map((place) => (place === '' ? path : `${path}.${place}`))
}

describe('Every field of every body refuses what it cannot be', () => {
  it.each(everyField)('%s', async (_, name, field) => {
    for (const [value, below] of wrongValuesOf(field)) {
      await expectRefused(name, bodyWith(name, field.path, value, uniqueName()), placesOf(field, below))
    }
  })
})

describe('Every body refuses fields that it does not know', () => {
  const strangers = [
    'nonsense',
    ' ',
    'ID',
    '😀',
    'constructor',
    'toString',
    'hasOwnProperty',
    'then',
    '__defineGetter__',
  ]
  const objects = Object.entries(bodies).flatMap(([name, fields]) =>
    fields.filter(({ kind }) => kind === 'object').map(({ path }) => [name, path] as const),
  )

  it.each(Object.keys(bodies))('%s', async (name) => {
    for (const stranger of strangers) {
      for (const value of ['a', null, {}, []]) {
        await expectRefused(name, bodyWith(name, stranger, value, uniqueName()), [stranger])
      }
    }
  })

  it.each(objects)('%s, in %s', async (name, path) => {
    for (const stranger of strangers) {
      for (const value of ['a', null, {}, []]) {
        const place = `${path}.${stranger}`
        await expectRefused(name, bodyWith(name, place, value, uniqueName()), [place])
      }
    }
  })
})

describe('Every body tells all that is wrong with it at once', () => {
  it.each(Object.entries(bodies))('%s', async (name, fields) => {
    const wrong = fields.filter(({ kind }) => kind !== 'anything' && kind !== 'object').map(({ path }) => path)
    const paths = [...wrong, 'nonsense', 'constructor']
    const body = paths.reduce((object, path) => withField(object, path, 5), completeBody(name, uniqueName()))
    await expectRefused(name, body, paths)
  })

  it.each(Object.entries(bodies))('%s, without what is required', async (name, fields) => {
    const required = fields.filter((field) => field.required && !field.path.includes('.')).map(({ path }) => path)
    if (required.length > 0) await expectRefused(name, {}, required)
  })

  it('a user, whose attributes are wrong one by one', async () => {
    const attributes = { domain: 'a b', phone_number: 5, username: 'a', fine: 'a', key: 5, list: ['a', 5, null] }
    const user = { username: 'a b', attributes, nonsense: 1, credentials: {}, sip_mapping: { nonsense: 1 } }
    await expectRefused('POST /users', { user, another: 1 }, [
      'another',
      'user.nonsense',
      'user.username',
      'user.credentials.password',
      'user.sip_mapping.nonsense',
      'user.sip_mapping.username',
      'user.attributes.domain',
      'user.attributes.phone_number',
      'user.attributes.username',
      'user.attributes.key',
      'user.attributes.list.1',
      'user.attributes.list.2',
    ])
  })

  it('a body with more problems than anybody reads', async () => {
    const strangers = Array.from({ length: 60_000 }, (_, index) => `x${index.toString(36)}`)
    const unknown = Object.fromEntries(strangers.map((key) => [key, 1]))
    await expectRefused('PATCH /users/{id}', unknown, strangers)
    await expectRefused(
      'POST /users',
      { user: { username: 'a', attributes: unknown } },
      strangers.map((key) => `user.attributes.${key}`),
    )
  })
})

describe('A field that is switched off', () => {
  it('is refused', async () => {
    await expectRefused('POST /domains', bodyWith('POST /domains', 'domain.remote_sip_register', true, uniqueName()), [
      'domain.remote_sip_register',
    ])
    await expectRefused('PATCH /domains/{id}', { remote_sip_register: true }, ['remote_sip_register'])
  })
})
