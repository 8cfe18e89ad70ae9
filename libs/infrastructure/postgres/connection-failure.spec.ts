import { describe, expect, it } from 'vitest'
import { isConnectionFailure } from './connection-failure.ts'

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code !== undefined && { code })
}

describe('a connection failure', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
    ...['EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'],
  ])('is what the network says with %s', (code) => {
    expect(isConnectionFailure(failure(`connect ${code}`, code))).toBe(true)
  })

  it.each([
    ['08000', 'connection exception'],
    ['08006', 'connection failure'],
    ['53300', 'too many connections'],
    ['55P03', 'a lock that somebody keeps'],
    ['57014', 'a statement that took too long'],
    ['57P01', 'the server shuts down'],
    ['57P02', 'the server has crashed'],
    ['57P03', 'the server is starting'],
    ['57P04', 'the database has been dropped'],
    ['57P05', 'a connection that was idle too long'],
    ['28P01', 'the password has been changed'],
    ['28000', 'the account may not log in'],
    ['3D000', 'the database is not there'],
  ])('is what the server says with SQLSTATE %s: %s', (code) => {
    expect(isConnectionFailure(failure('whatever its language', code))).toBe(true)
  })

  it.each([
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'server closed the connection unexpectedly',
    'Query runner already released. Cannot run queries anymore.',
  ])('is what the driver says: %s', (message) => {
    expect(isConnectionFailure(failure(message))).toBe(true)
  })

  it('is one of several addresses that could not be reached', () => {
    const errors = [failure('connect ECONNREFUSED ::1:5432', 'ECONNREFUSED'), failure('other')]
    expect(isConnectionFailure(new AggregateError(errors))).toBe(true)
    expect(isConnectionFailure(new AggregateError([failure('other')]))).toBe(false)
    expect(isConnectionFailure(new AggregateError([]))).toBe(false)
  })

  it.each([
    ['23505', 'a unique constraint'],
    ['23503', 'a foreign key'],
    ['42P01', 'a table that is not there'],
    ['40P01', 'a deadlock'],
    ['22P02', 'a value that is none'],
    ['53100', 'a full disk'],
    ['57000', 'an operator'],
  ])('is not what the server says with SQLSTATE %s: %s', (code) => {
    expect(isConnectionFailure(failure('no', code))).toBe(false)
  })

  it("is not a statement's failure, whatever values its message shows", () => {
    const shown = 'invalid input syntax for type uuid: "Connection terminated"'
    expect(isConnectionFailure(failure(shown, '22P02'))).toBe(false)
  })

  it.each([new Error('boom'), 'ECONNREFUSED', undefined, null, { code: 'ECONNREFUSED' }, 7])('is not %j', (error) => {
    expect(isConnectionFailure(error)).toBe(false)
  })
})
