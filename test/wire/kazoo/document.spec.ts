import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isPlainObject } from '#kernel'
import { fieldList } from '../../../libs/dialects/kazoo/domain/fields/field-list.fixture.ts'
import { userFields } from '../../../libs/dialects/kazoo/domain/fields/user-fields.ts'
import { KazooClient } from './kazoo-client.fixture.ts'

type Document = Readonly<Record<string, unknown>>

let kazoo: KazooClient
let paths: Readonly<Record<string, Readonly<Record<string, Document>>>>
beforeAll(async () => {
  kazoo = await KazooClient.start({ KAZOO_USER_AUTH: 'on' })
  const { body } = await kazoo.call('GET', '/docs/kazoo/openapi.json', { token: null })
  paths = body.paths as typeof paths
})
afterAll(() => kazoo[Symbol.asyncDispose]())

const operations = (): (readonly [string, Document])[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  )

it('The document has every operation, in both ways to name an account', () => {
  const ends = [
    ...[
      'GET users',
      'PUT users',
      'POST users',
      'GET users/{id}',
      'POST users/{id}',
      'PATCH users/{id}',
      'DELETE users/{id}',
    ],
    ...['GET users/{id}/vcard', 'GET users/{id}/photo', 'POST users/{id}/photo', 'DELETE users/{id}/photo'],
    'GET users/{id}/quickcall/{number}',
  ]
  const expected = ['/v2/accounts/{account}/', '/v2/account/'].flatMap((begin) =>
    ends.map((end) => end.replace(' ', ` ${begin}`)),
  )
  const all = [...expected, 'PUT /v2/user_auth', 'POST /v2/user_auth']
  expect(
    operations()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(all.toSorted())
})

it('Every operation is described, with the parameters of its path and no others, and examples of all answers', () => {
  for (const [name, operation] of operations()) {
    expect(operation['summary'], name).toEqual(expect.any(String))
    const parameters = (operation['parameters'] as Document[]).filter((each) => each['in'] === 'path')
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, each]) => each)
    expect(parameters.map((each) => each['name']).toSorted(), name).toEqual(inPath.toSorted())
    const others = (operation['parameters'] as Document[]).filter((each) => each['in'] !== 'path')
    for (const each of others) expect(each['required'], `${name} ${String(each['name'])}`).toBe(false)
    for (const [status, answer] of Object.entries(operation['responses'] as Record<string, Document>)) {
      const content = answer['content']
      const json = isPlainObject(content) ? content['application/json'] : undefined
      if (isPlainObject(json))
        expect(json['example'], `${name} ${status}`).toMatchObject({ data: expect.anything() as object })
      else expect(answer['description'], `${name} ${status}`).toMatch(/no body|Fetch/)
    }
  }
  const ids = operations().map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^\w+$/)
})

it('The document is one, and its examples are what it says', async () => {
  const { text } = await kazoo.call('GET', '/docs/kazoo/openapi.json', { token: null })
  const rules = ['struct', 'no-invalid-media-type-examples', 'path-parameters-defined', 'operation-operationId-unique']
  const config = await createConfig({ rules: Object.fromEntries(rules.map((rule) => [rule, 'error'])) })
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
  expect(problems.map(({ message, location }) => `${location[0]?.pointer ?? ''} ${message}`)).toEqual([])
})

it('The body of a user says every field', () => {
  const text = JSON.stringify(paths['/v2/accounts/{account}/users']?.['put']?.['requestBody'])
  for (const { path } of fieldList(userFields)) {
    const name = path.split('.').at(-1) ?? ''
    if (/^\w/.test(name)) expect(text, path).toContain(`"${name}":`)
  }
})
