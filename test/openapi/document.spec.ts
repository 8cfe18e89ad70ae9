import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maySaySecrets } from '#core/idempotency'
import {
  type ApiDocument,
  bodiesOf,
  errorsOf,
  operationsOf,
  type PlacedOperation,
  type Schema,
  statusesOf,
} from './api-document.fixture.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import { problemsOf } from './linter.fixture.ts'

let kitter: BuiltKitter
let document: ApiDocument
let operations: readonly PlacedOperation[]

beforeAll(async () => {
  kitter = await BuiltKitter.start()
  document = (await kitter.call('GET', '/openapi.json', { token: null })).body as ApiDocument
  operations = operationsOf(document)
})
afterAll(() => kitter[Symbol.asyncDispose]())

/** The ids of the operations for which this holds. */
function which(holds: (operation: PlacedOperation) => boolean): readonly string[] {
  return operations.filter(holds).map(({ operationId }) => operationId)
}

const probes = ['checkLiveness', 'checkReadiness']
const needsToken = ({ operationId }: PlacedOperation): boolean => !probes.includes(operationId)
const takesBody = ({ requestBody }: PlacedOperation): boolean => requestBody !== undefined
const takes = (place: string) => (operation: PlacedOperation) =>
  operation.parameters.some((parameter) => parameter.in === place)

describe('The OpenAPI document of the built service', () => {
  it('passes the linter', async () => {
    expect(await problemsOf(document)).toEqual([])
  })

  it('has secrets under names that tell so: what is kept of a request with a key is harder to guess then', () => {
    const names = new Set<string>()
    JSON.stringify(document, (name, value: { readonly format?: string } | null) => {
      if (value?.format === 'password') names.add(name)
      return value
    })
    expect(names.size).toBeGreaterThan(0)
    expect([...names].filter((name) => !maySaySecrets(name))).toEqual([])
  })

  it('would not pass it with a mistake', async () => {
    const path = '/users/{id}'
    const wrong = structuredClone(document) as unknown as {
      paths: Record<string, Record<string, Record<string, unknown>>>
    }
    delete wrong.paths[path]!['get']!['summary']
    wrong.paths[path]!['delete']!['operationId'] = 'readUser'
    const example = { user: { id: 7 } }
    const schema = { $ref: '#/components/schemas/UserAnswer' }
    wrong.paths[path]!['patch']!['responses'] = {
      200: { description: 'Wrong.', content: { 'application/json': { schema, example } } },
      400: { description: 'Empty.' },
    }
    const problems = (await problemsOf(wrong)).join('\n')
    expect(problems).toContain('operation-summary')
    expect(problems).toContain('operation-operationId-unique')
    expect(problems).toContain("must have required property 'username'")
    expect(problems).toContain('`id` property type must be string')
  })

  it('says what it is', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      readonly version: string
    }
    expect(document.openapi).toMatch(/^3\.0\./)
    expect(document.info).toMatchObject({ title: 'kitter', version, license: { name: 'Apache-2.0' } })
    expect(document.servers).toEqual([{ url: '/' }])
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    })
  })

  it('has every operation of the contract, in an order that reads well', () => {
    expect(operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`)).toEqual([
      'GET /domains listDomains',
      'POST /domains createDomain',
      'GET /domains/{id} readDomain',
      'PATCH /domains/{id} updateDomain',
      'DELETE /domains/{id} deleteDomain',
      'GET /users listUsers',
      'POST /users createUser',
      'GET /users/{id} readUser',
      'PATCH /users/{id} updateUser',
      'DELETE /users/{id} deleteUser',
      'GET /users/{domain}/{username} findUser',
      'POST /users/{id}/reset-password-email sendPasswordResetMail',
      'GET /users/search searchUsers',
      'POST /users/{id}/logout logOutUser',
      'POST /domains/{id}/logout logOutDomain',
      'POST /users/logout logOutRealm',
      'GET /callerIdManager listCallerIdEntries',
      'POST /callerIdManager createCallerIdEntry',
      'GET /callerIdManager/{name} readCallerIdEntry',
      'DELETE /callerIdManager/{name} deleteCallerIdEntry',
      'POST /callerIdManager/reload reloadCallerIdTable',
      'GET /operations listOperations',
      'GET /operations/{id} readOperation',
      'POST /operations/{id}/retry retryOperation',
      'GET /reconciliations listReconciliations',
      'POST /reconciliations startReconciliation',
      'GET /reconciliations/{id} readReconciliation',
      'GET /reconciliations/{id}/differences listDifferences',
      'POST /reconciliations/{id}/cancel cancelReconciliation',
      'GET /imports listImports',
      'POST /imports startImport',
      'GET /imports/{id} readImport',
      'GET /imports/{id}/rows listImportRows',
      'POST /imports/{id}/cancel cancelImport',
      'POST /imports/{id}/resume resumeImport',
      'GET /audit listAuditEntries',
      'GET /health/liveness checkLiveness',
      'GET /health/readiness checkReadiness',
    ])
  })

  it('lies under HTTP_PREFIX, and its paths carry it', async () => {
    await using prefixed = await BuiltKitter.start({ HTTP_PREFIX: '/kitter' })
    const moved = (await prefixed.call('GET', '/kitter/openapi.json', { token: null })).body as ApiDocument
    const paths = Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [`/kitter${path}`, item]))
    expect(moved).toEqual({ ...document, paths })
    expect((await prefixed.call('GET', '/openapi.json', { token: null })).status).toBe(404)
  })
})

const takesKey = takes('header')

describe('Every operation of the document', () => {
  it('has a summary, a description, and one tag that is explained', () => {
    const names = document.tags.map(({ name }) => name)
    expect(names).toEqual([
      ...[
        'users',
        'domains',
        'logout',
        'callerIdManager',
        'operations',
        'imports',
        'reconciliations',
        'audit',
        'healthChecker',
      ],
    ])
    expect(document.tags.filter(({ description }) => !isSentence(description))).toEqual([])
    expect(which(({ summary = '' }) => !/^[A-Z].*[^.]$/.test(summary))).toEqual([])
    expect(which(({ description = '' }) => !isSentence(description))).toEqual([])
    expect(which(({ tags = [] }) => tags.length !== 1 || !names.includes(tags[0] ?? ''))).toEqual([])
  })

  it('needs a bearer token, but for the probes', () => {
    expect(which(({ security }) => JSON.stringify(security) === '[]')).toEqual(probes)
    expect(which(({ security }) => JSON.stringify(security) !== '[{"bearer":[]}]')).toEqual(probes)
  })

  it('describes its parameters, with examples', () => {
    const bare = operations.flatMap(({ operationId, parameters }) =>
      parameters
        .filter(({ description = '', schema }) => !isSentence(description) || schema.example === undefined)
        .map((parameter) => `${operationId} ${parameter.name}`),
    )
    expect(bare).toEqual([])
    expect(which((operation) => operation.path.includes('{') !== takes('path')(operation))).toEqual([])
    expect(which(takes('query'))).toEqual([
      'listDomains',
      'listUsers',
      'searchUsers',
      'listCallerIdEntries',
      'listOperations',
      'listReconciliations',
      'listDifferences',
      'listImports',
      'startImport',
      'listImportRows',
      'listAuditEntries',
    ])
  })

  it('may come with a key where it is a POST, and says whether its answer is a replay', () => {
    expect(which(takesKey)).toEqual(which(({ method }) => method === 'POST'))
    expect(which(takesKey).length).toBeGreaterThanOrEqual(8)
    const [header] = operations.find(takesKey)?.parameters.filter((parameter) => parameter.in === 'header') ?? []
    expect(header).toMatchObject({ name: 'Idempotency-Key', required: false, schema: { maxLength: 255 } })
    const telling = which(({ responses }) =>
      Object.values(responses).some(({ headers }) => headers?.['Idempotency-Replayed'] !== undefined),
    )
    expect(telling).toEqual(which(takesKey))
  })

  it('shows bodies that it takes', () => {
    expect(which(({ requestBody }) => requestBody !== undefined && requestBody.required !== true)).toEqual([])
    expect(which((operation) => takesBody(operation) && bodiesOf(operation).length === 0)).toEqual(['startImport'])
    expect(which(takesBody)).toEqual([
      'createDomain',
      'updateDomain',
      'createUser',
      'updateUser',
      'createCallerIdEntry',
      'startReconciliation',
      'startImport',
    ])
  })

  it('describes every status', () => {
    const bare = operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses)
        .filter(([, { description }]) => !isSentence(description))
        .map(([status]) => `${operationId} ${status}`),
    )
    expect(bare).toEqual([])
  })

  it('has one success, with an example where it has a body', () => {
    const successes = operations.map(({ operationId, responses }) => {
      const found = Object.entries(responses).filter(([status]) => Number(status) < 400)
      const [status, response] = found[0] ?? []
      const content = response?.content?.['application/json']
      const shown = found.length === 1 && (status === '204') === (content === undefined)
      return shown && (content?.schema === undefined) === (content?.example === undefined) ? undefined : operationId
    })
    expect(successes.filter((operationId) => operationId !== undefined)).toEqual([])
    expect(which((operation) => statusesOf(operation).includes(204))).toEqual([
      'deleteDomain',
      'deleteUser',
      'deleteCallerIdEntry',
    ])
  })

  it('shows its errors in the error shape, each under its code', () => {
    const wrong = operations.flatMap((operation) =>
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(([status, { description, content }]) => {
          const errors = errorsOf(operation).filter((error) => String(error.status) === status)
          const told = errors.every(({ value }) => description.includes(`\`${value.code}\`: ${value.error}`))
          const shaped = content?.['application/json'].schema?.$ref === '#/components/schemas/ErrorBody'
          return errors.length === 0 || !told || !shaped
        })
        .map(([status]) => `${operation.operationId} ${status}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('The statuses of the document', () => {
  const answers = (status: number) => which((operation) => statusesOf(operation).includes(status))

  it('are 400 where there is input', () => {
    expect(answers(400)).toEqual(which((operation) => takesBody(operation) || operation.parameters.length > 0))
  })

  it('are 401, 403 and 503 where there is a token', () => {
    expect(answers(401)).toEqual(which(needsToken))
    expect(answers(403)).toEqual(which(needsToken))
    expect(answers(503)).toEqual([...which(needsToken), 'checkReadiness'])
  })

  it('are 404 where something is named, and for what may be switched off', () => {
    expect(answers(404)).toEqual(
      which((operation) => takes('path')(operation) || operation.tags?.[0] === 'callerIdManager'),
    )
  })

  it('are 409 where something may stand in the way', () => {
    const changes = ['updateDomain', 'deleteDomain', 'updateUser', 'deleteUser']
    expect(answers(409)).toEqual(which((operation) => changes.includes(operation.operationId) || takesKey(operation)))
  })

  it('are 422 where there may be a key', () => {
    expect(answers(422)).toEqual(which(takesKey))
  })

  it('are 413 and 415 where there is a body', () => {
    expect(answers(413)).toEqual(which(takesBody))
    expect(answers(415)).toEqual(which(takesBody))
  })

  it('are 502 where another system is needed, and 504 where several are', () => {
    const several = ['createDomain', 'updateDomain', 'deleteDomain', 'createUser', 'updateUser', 'deleteUser']
    expect(answers(504)).toEqual(several)
    expect(answers(502)).toEqual([
      ...several,
      'sendPasswordResetMail',
      'logOutUser',
      'logOutDomain',
      'logOutRealm',
      'listCallerIdEntries',
      'createCallerIdEntry',
      'readCallerIdEntry',
      'deleteCallerIdEntry',
      'reloadCallerIdTable',
    ])
  })

  it('are no others', () => {
    const known = [200, 201, 202, 204, 400, 401, 403, 404, 409, 413, 415, 422, 502, 503, 504]
    expect([...new Set(operations.flatMap(statusesOf))].toSorted()).toEqual(known)
  })

  it('say with a 503 when to come back', () => {
    const silent = operations.filter(({ responses }) => {
      const unavailable = responses['503']
      return unavailable !== undefined && unavailable.headers?.['Retry-After'] === undefined
    })
    expect(silent).toEqual([])
  })
})

describe('The fields of the document', () => {
  it('page as Fastify reads them: flat names with brackets', () => {
    for (const operationId of ['listUsers', 'listCallerIdEntries']) {
      const { parameters = [] } = operations.find((operation) => operation.operationId === operationId) ?? {}
      const [max, page] = parameters.filter(({ name }) => name.startsWith('paginate'))
      expect(max).toMatchObject({
        name: 'paginate[max]',
        in: 'query',
        required: false,
        description: 'How many rows a page has.',
        schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100, example: 10 },
      })
      expect(page).toMatchObject({
        name: 'paginate[page]',
        in: 'query',
        required: false,
        description: 'Which page, counted from 0.',
        schema: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0, example: 0 },
      })
      for (const parameter of [max, page]) {
        expect(parameter).not.toHaveProperty('style')
        expect(parameter).not.toHaveProperty('explode')
      }
    }
  })

  it('are nullable where null says something', () => {
    const nullable = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      nullableIn(schema).map((path) => `${name}${path}`),
    )
    const services = operationServices(document).map((service) => `UpdateDomainBody.services.${service}`)
    expect(nullable.toSorted()).toEqual(
      [
        'CreateUserFields.attributes.*',
        'CreateUserFields.attributes.domain',
        'CreateUserFields.attributes.phone_number',
        'CreateUserFields.email',
        'CreateUserFields.first_name',
        'CreateUserFields.last_name',
        'DomainBody.parent',
        'DomainFields.parent',
        'UpdateDomainBody.parent',
        'UpdateUserBody.attributes.*',
        'UpdateUserBody.attributes.domain',
        'UpdateUserBody.attributes.phone_number',
        'UpdateUserBody.email',
        'UpdateUserBody.first_name',
        'UpdateUserBody.last_name',
        ...services,
      ].toSorted(),
    )
    expect(services).toHaveLength(14)
  })

  it('are all described', () => {
    const bare = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, property]) => !isSentence(String(Reflect.get(property, 'description'))))
        .map(([property]) => `${name}.${property}`),
    )
    expect(bare).toEqual([])
  })
})

function isSentence(text: string): boolean {
  return /^[A-Z`].*[.)]$/s.test(text)
}

function operationServices({ components }: ApiDocument): readonly string[] {
  return Object.keys(components.schemas['DomainBody']?.properties?.['services']?.properties ?? {})
}

/** The paths of the values that may be null; `*` is any key. */
function nullableIn(schema: Schema, path = ''): string[] {
  const { properties = {}, additionalProperties, nullable } = schema
  const inner = Object.entries(properties).flatMap(([name, property]) => nullableIn(property, `${path}.${name}`))
  const others = typeof additionalProperties === 'object' ? additionalProperties : {}
  const choices = (Reflect.get(others, 'oneOf') as readonly Schema[] | undefined) ?? [others]
  const any = choices.some((choice) => choice.nullable === true) ? [`${path}.*`] : []
  return [...(nullable === true ? [path] : []), ...inner, ...any]
}
