import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  operationInProgress,
  operationUnfinished,
} from '../../libs/core/provisioning/application/provisioning-errors.ts'
import {
  type ApiDocument,
  type ErrorExample,
  errorsOf,
  operationsOf,
  type PlacedOperation,
} from './api-document.fixture.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import { differencesOf } from './linter.fixture.ts'
import { provokeErrors, type Provoked } from './provoked-errors.fixture.ts'

/** What a sandbox that is well can't be brought to say, or only after ten seconds, or by somebody who has become somebody else. */
const notProvoked = [
  'operation.in_progress',
  'system.refused',
  'operation.unfinished',
  'search.too_slow',
  'search.crowded',
  'import.crowded',
  'import.other_role',
]

let kitter: BuiltKitter
let document: ApiDocument
let operations: readonly PlacedOperation[]
let provoked: readonly Provoked[]

beforeAll(async () => {
  kitter = await BuiltKitter.start()
  document = (await kitter.call('GET', '/openapi.json', { token: null })).body as ApiDocument
  operations = operationsOf(document)
  provoked = await provokeErrors(operations)
}, 120_000)
afterAll(() => kitter[Symbol.asyncDispose]())

function operationOf({ id }: Provoked): PlacedOperation {
  return operations.find(({ operationId }) => operationId === id)!
}

function exampleOf(error: Provoked): ErrorExample {
  return errorsOf(operationOf(error)).find(({ title }) => title === error.title)!
}

function examplesNamed(title: string): readonly ErrorExample[] {
  return operations.flatMap(errorsOf).filter((error) => error.title === title)
}

describe('The errors that the document shows', () => {
  it('are all there are to see, and are seen', () => {
    const shown = operations.flatMap((operation) =>
      errorsOf(operation).map(({ title }) => `${operation.operationId}: ${title}`),
    )
    const seen = new Set(provoked.map(({ id, title }) => `${id}: ${title}`))
    const rest = shown.filter((error) => !seen.has(error))
    expect(rest.filter((error) => !notProvoked.some((title) => error.endsWith(`: ${title}`)))).toEqual([])
    expect([...seen].filter((error) => !shown.includes(error))).toEqual([])
    expect(seen.size).toBeGreaterThan(150)
  })

  it('have the status, the code and the sentence that the service answers', () => {
    const wrong = provoked.flatMap((error) => {
      const { status, value } = exampleOf(error)
      const body = error.answer.body as ErrorExample['value']
      // why a token is refused is told in many ways
      const sentence = value.code === 'access.token_invalid' ? body.error : value.error
      const right = error.answer.status === status && body.code === value.code && body.error === sentence
      return right ? [] : [`${error.id}: ${error.title}: ${error.answer.status} ${error.answer.text}`]
    })
    expect(wrong).toEqual([])
  })

  it('have the shape that the service answers', async () => {
    const wrong = new Set<string>()
    for (const error of provoked) {
      for (const difference of await differencesOf(document, operationOf(error), error.answer)) wrong.add(difference)
    }
    expect([...wrong]).toEqual([])
  })

  it('come with the headers that the service sends', () => {
    const unavailable = provoked.filter(({ answer }) => answer.status === 503)
    expect(unavailable.length).toBe(37)
    expect(unavailable.filter(({ answer }) => answer.headers.get('retry-after') !== '5')).toEqual([])
    const unauthenticated = provoked.filter(({ answer }) => answer.status === 401)
    expect(unauthenticated.filter(({ answer }) => answer.headers.get('www-authenticate') === null)).toEqual([])
  })

  it('are the very errors of provisioning, where only a test of faults would see them', () => {
    const unfinished = examplesNamed('operation.unfinished')
    const { code, message, details } = operationUnfinished(unfinished[0]?.value.operation ?? '', undefined)
    for (const { value } of unfinished)
      expect(value).toMatchObject({ code, error: message, operation: details.operation })
    expect(unfinished).toHaveLength(6)
    expect(details.operation).not.toBe('')

    const inProgress = operationInProgress()
    const examples = examplesNamed('operation.in_progress')
    for (const { value } of examples) expect(value).toMatchObject({ code: inProgress.code, error: inProgress.message })
    // every POST may come with a key of a request that runs
    const posts = operations.filter(({ method }) => method === 'POST').length
    expect(examples).toHaveLength(posts + 4)
  })
})
