import { describe, expect, it } from 'vitest'
import { DomainError, invalid, systemUnavailable } from '#kernel'
import { emailTaken, unknownUser, userNameTaken } from '#core/users'
import { BadIdentifier } from '../problems/bad-identifier.ts'
import { NotForOneself } from '../problems/not-for-oneself.ts'
import { PhotoTooLarge } from '../problems/photo-too-large.ts'
import { preconditionFailed } from '../problems/kazoo-errors.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import { toldClash } from '../problems/told-clash.ts'
import { required } from '../problems/found-problems.ts'
import { failureOf } from './failure-of.ts'

const unique = (name: string) => ({ unique: { message: `${name} must be unique within account` } })

it.each([
  [
    new InvalidDocument([required(['first_name'])]),
    400,
    'validation error',
    { first_name: { required: { message: 'Field is required but missing' } } },
  ],
  [userNameTaken(), 400, 'validation error', { username: unique('Username') }],
  [emailTaken(), 400, 'validation error', { email: unique('Email') }],
  [
    invalid([
      { path: 'credentials.password', problem: 'is too short' },
      { path: 'user.attributes.x', problem: 'is odd' },
    ]),
    400,
    'validation error',
    {
      password: { invalid: { message: 'Value is too short' } },
      'user.attributes.x': { invalid: { message: 'Value is odd' } },
    },
  ],
  [
    new DomainError('invalid', 'request.malformed', 'No JSON.'),
    400,
    'validation error',
    { json: { invalid: { message: 'All JSON must be valid', target: 'body' } } },
  ],
  [
    new DomainError('unauthenticated', 'access.token_missing', 'x'),
    401,
    'invalid_credentials',
    { message: 'invalid credentials' },
  ],
  [new DomainError('forbidden', 'access.forbidden', 'x'), 403, 'forbidden', { message: 'forbidden' }],
  [new NotForOneself(['priv_level']), 403, 'forbidden', { message: 'forbidden', cause: ['priv_level'] }],
  [new BadIdentifier('zzz'), 404, 'bad_identifier', { message: 'bad identifier', cause: 'zzz' }],
  [unknownUser(), 404, 'bad_identifier', { message: 'bad identifier' }],
  [new DomainError('unknown', 'route.unknown', 'x'), 404, 'not_found', { message: 'not found' }],
  [
    new DomainError('conflict', 'operation.in_progress', 'x'),
    409,
    'datastore_conflict',
    { message: 'conflicting documents' },
  ],
  [preconditionFailed(), 412, undefined, undefined],
  [
    new PhotoTooLarge(),
    413,
    'validation error',
    { file: { maxSize: { message: 'Files must not be more than 8000000 bytes', target: 8_000_000 } } },
  ],
  [new DomainError('too_large', 'request.too_large', 'x'), 413, 'request_too_large', { message: 'request too large' }],
  [new DomainError('unsupported_media', 'request.media_type', 'x'), 415, undefined, undefined],
  [new DomainError('too_many', 'access.too_many', 'x'), 429, 'too_many_requests', { message: 'too many requests' }],
  [
    systemUnavailable('Keycloak', new Error('secret')),
    503,
    'datastore_unreachable',
    { message: 'datastore unreachable' },
  ],
  [new TypeError('secret'), 500, 'unspecified_fault', { message: 'unspecified fault' }],
  [undefined, 500, 'unspecified_fault', { message: 'unspecified fault' }],
])('%s is told with %d', (error, status, message, data) => {
  expect(failureOf(error)).toEqual({ status, message, data })
})

describe('a clash', () => {
  it('names what clashed, as it would be kept', () => {
    expect(failureOf(toldClash(userNameTaken(), { username: 'BOB' })).data).toEqual({
      username: { unique: { message: 'Username must be unique within account', cause: 'bob' } },
    })
  })

  it('is nothing else', () => {
    const other = new Error('x')
    expect(toldClash(other, {})).toBe(other)
  })
})
