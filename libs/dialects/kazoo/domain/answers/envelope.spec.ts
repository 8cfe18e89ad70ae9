import { describe, expect, it } from 'vitest'
import { errorEnvelope, successEnvelope } from './envelope.ts'
import { badIdentifierFailure, failures } from './failure-answer.ts'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { requestEnvelope } from './request-envelope.ts'
import { saidBeside } from './said-beside.ts'

const facts = { requestId: 'r1', now: new Date('2026-01-02T03:04:05.678Z') }

describe('an envelope', () => {
  it('around a document has what clients look for, in alphabetical order, and no more', () => {
    const envelope = successEnvelope({ ...facts, data: { id: 'x' }, revision: '1-a', authToken: 't' })
    expect(JSON.stringify(envelope)).toBe(
      '{"auth_token":"t","data":{"id":"x"},"request_id":"r1","revision":"1-a","status":"success","timestamp":"2026-01-02T03:04:05Z"}',
    )
  })

  it('around a page tells its rows, and what comes next only where something does', () => {
    const last = successEnvelope({ ...facts, data: [], page: { size: 0 } })
    expect(last).toMatchObject({ data: [], page_size: 0, status: 'success' })
    expect(Object.keys(last)).not.toEqual(expect.arrayContaining(['next_start_key']))
    const page = { size: 2, startKey: 'a', nextStartKey: 'b' }
    expect(successEnvelope({ ...facts, data: [1, 2], page })).toMatchObject({ start_key: 'a', next_start_key: 'b' })
  })

  it('around a failure has the status as a text', () => {
    expect(errorEnvelope(failures.invalidCredentials, facts)).toEqual({
      auth_token: '',
      data: { message: 'invalid credentials' },
      error: '401',
      message: 'invalid_credentials',
      request_id: 'r1',
      status: 'error',
      timestamp: '2026-01-02T03:04:05Z',
    })
    expect(errorEnvelope(badIdentifierFailure('zzz'), facts)).toMatchObject({
      data: { message: 'bad identifier', cause: 'zzz' },
      error: '404',
      message: 'bad_identifier',
    })
  })
})

describe('the envelope of a request', () => {
  it.each([
    [{ data: { a: 1 }, auth_token: 't' }, { a: 1 }],
    [{ DATA: { A: 1 }, Verb: 'delete' }, { A: 1 }],
    [{ data: [1] }, [1]],
    [{ verb: 5 }, {}],
    [undefined, {}],
    ['', {}],
    [JSON.parse('{"__proto__":{"data":{"a":1}}}'), {}],
  ])('%j', (body: unknown, data) => {
    expect(requestEnvelope(body)).toEqual({ data })
  })

  it.each([
    [{ data: { verb: 'PUT' }, Verb: 'delete', auth_token: 't' }, 'delete', 't'],
    [{ data: null, VERB: 5, AUTH_TOKEN: 't' }, undefined, 't'],
    [{ verb: 'one', Verb: 'two' }, 'two', undefined],
  ])('%j says beside its data', (body, verb, token) => {
    expect([saidBeside(body, 'verb'), saidBeside(body, 'auth_token')]).toEqual([verb, token])
  })

  it.each([undefined, '', 'verb', 5, null, ['verb'], Buffer.from('verb'), JSON.parse('{"__proto__":{"verb":"x"}}')])(
    'says nothing beside its data where it is %j',
    (body: unknown) => {
      expect(saidBeside(body, 'verb')).toBeUndefined()
    },
  )

  it.each([
    [
      { data: 'x' },
      { data: { type: { message: 'Value did not match type(s): object, array', target: 'object, array' } } },
    ],
    [
      { data: null },
      { data: { type: { message: 'Value did not match type(s): object, array', target: 'object, array' } } },
    ],
    [[], { body: { type: { message: 'Value did not match type(s): object', target: 'object' } } }],
    ['x', { body: { type: { message: 'Value did not match type(s): object', target: 'object' } } }],
  ])('is not %j', (body, problems) => {
    expect(problemsIn(() => requestEnvelope(body))).toEqual(problems)
  })
})
