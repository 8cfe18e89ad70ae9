import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { bodies } from './fields.fixture.ts'
import { createSubjects, named, pathOf, uniqueName, withBody } from './routes.fixture.ts'

interface Parameter {
  readonly in: string
  readonly name: string
}

interface Schema {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

let kitter: TestKitter
let document: Document
let operations: ReadonlyMap<string, Operation>

beforeAll(async () => {
  kitter = await TestKitter.start({ CALLER_ID_ENABLED: 'on' })
  document = (await kitter.call('GET', '/openapi.json', { token: null })).body as Document
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  )
  operations = new Map(listed)
})
afterAll(() => kitter[Symbol.asyncDispose]())

function operationOf(name: string): Operation {
  const operation = operations.get(name)
  if (operation === undefined) throw new Error(`the document has no ${name}`)
  return operation
}

describe('The routes that these tests go through', () => {
  it('are those of the document, no more and no less', () => {
    expect(named.map(([name]) => name).toSorted()).toEqual([...operations.keys()].toSorted())
  })

  it.each(named)('%s: know every parameter and every body', (name, { query = [], path, body, file, success }) => {
    const { parameters = [], requestBody, responses } = operationOf(name)
    const documented = (place: string) => parameters.filter((parameter) => parameter.in === place)
    expect(documented('query').map((parameter) => parameter.name)).toEqual(expect.arrayContaining([...query]))
    expect(documented('query')).toHaveLength(query.length)
    expect(documented('path').map((parameter) => `{${parameter.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
    expect(requestBody !== undefined).toBe(body !== undefined || file !== undefined)
    expect(Object.keys(responses)).toContain(String(success))
  })

  it.each(Object.entries(bodies))('%s: know every field of the body', (name, fields) => {
    const schema = operationOf(name).requestBody?.content['application/json']?.schema
    expect(pathsIn(schema ?? {}).toSorted()).toEqual(fields.map(({ path }) => path).toSorted())
  })

  it('know the fields of every body', () => {
    expect(Object.keys(bodies)).toEqual(named.filter(([, { body }]) => body !== undefined).map(([name]) => name))
  })

  it.each(withBody)('%s: have a body that is right', async (_, route) => {
    const path = pathOf(route, await createSubjects(kitter))
    const answer = await kitter.call(route.method, path, { body: route.body?.(uniqueName()) })
    expect(answer.status).toBe(route.success)
  })

  /** Every field, those of objects dotted behind theirs. */
  function pathsIn(schema: Schema, above = ''): string[] {
    return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
      const path = `${above}${name}`
      const inner = isReference(property) ? pathsIn(property, `${path}.`) : []
      return [path, ...inner]
    })
  }

  function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
    return { ...resolved(schema).properties, ...resolved(schema.allOf?.[0] ?? {}).properties }
  }

  function resolved(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    return name === undefined ? schema : (document.components.schemas[name] ?? {})
  }
})

function isReference({ $ref, allOf }: Schema): boolean {
  return $ref !== undefined || allOf !== undefined
}
