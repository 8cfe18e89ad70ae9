import { describe, expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { createdText, hex, userUuid } from '../documented-user.fixture.ts'
import { newUser } from './new-user.ts'
import { userDocument } from './user-document.ts'

const names = { first_name: 'User', last_name: 'Three' }
const made = (data: Record<string, unknown>) => newUser({ ...names, ...data }, hex)
const problemsOf = (data: Record<string, unknown>) => problemsIn(() => made(data))

const only = (problem: object) => problem

describe('a user made with two names', () => {
  it("is shown as Kazoo's documentation shows it, to the letter", () => {
    const { fields, extension } = newUser(names, hex)
    const shown = userDocument({ user: { ...fields, id: userUuid }, extension })
    expect(JSON.stringify(shown, undefined, 4)).toBe(createdText)
  })

  it('has a name to sign in with nevertheless, and nothing that kitter knows in the extension', () => {
    const { fields, password, extension } = newUser(names, hex)
    expect(fields).toEqual({
      username: `user_${hex}`,
      firstName: 'User',
      lastName: 'Three',
      email: undefined,
      emailVerified: false,
      enabled: true,
      attributes: {},
    })
    expect(password).toBeUndefined()
    expect(Object.keys(extension)).not.toEqual(expect.arrayContaining(['first_name']))
    expect(extension).toMatchObject({ priv_level: 'user', vm_to_email_enabled: true })
  })
})

describe('a user made with more', () => {
  it('is taken apart: what is whose', () => {
    const { fields, password, extension } = made({
      username: 'Bob@Example.com',
      password: 'correct horse',
      confirm_password: 'correct horse',
      email: 'Bob@example.com',
      enabled: 'false',
      custom: 'value',
      smartpbx: { a: [1] },
      pvt_type: 'admin',
      _rev: '1-x',
      id: 'mine',
    })
    expect(fields).toMatchObject({ username: 'bob@example.com', email: 'Bob@example.com', enabled: false })
    expect(password).toBe('correct horse')
    expect(extension).toMatchObject({ custom: 'value', smartpbx: { a: [1] } })
    const hidden = [
      'username',
      'password',
      'confirm_password',
      'email',
      'enabled',
      'first_name',
      'pvt_type',
      '_rev',
      'id',
    ]
    expect(Object.keys(extension).filter((key) => hidden.includes(key))).toEqual([])
    expect(JSON.stringify(extension)).not.toContain('correct horse')
  })

  it('has no password where a form left it empty', () => {
    expect(made({ password: '' }).password).toBeUndefined()
  })

  it('may have a name and no password yet', () => {
    expect(made({ username: 'bob' }).fields.username).toBe('bob')
  })
})

describe('what is wrong is told in the words of Kazoo:', () => {
  it.each([
    [{ first_name: undefined }, { first_name: { required: { message: 'Field is required but missing' } } }],
    [
      { hotdesk: { pin: '12' } },
      { 'hotdesk.pin': { minLength: { message: 'String must be at least 4 characters', target: 4, cause: '12' } } },
    ],
    [
      { caller_id: { external: { number: '1'.repeat(36) } } },
      {
        'caller_id.external.number': {
          maxLength: { message: 'String must not be more than 35 characters', target: 35, cause: '1'.repeat(36) },
        },
      },
    ],
    [
      { priv_level: 'root' },
      { priv_level: { enum: { message: 'Value not found in enumerated list of values', target: ['user', 'admin'] } } },
    ],
    [
      { username: 'b b' },
      {
        username: { pattern: { message: "Failed to match pattern '^([+@.\\w_-]+)$'", target: '^([+@.\\w_-]+)$' } },
      },
    ],
    [{ enabled: 'yes' }, { enabled: { type: { message: 'Value did not match type(s): boolean', target: 'boolean' } } }],
    [
      { media: { bypass_media: 5 } },
      {
        'media.bypass_media': {
          type: { message: 'Value did not match type(s): boolean, string', target: 'boolean, string' },
          enum: { message: 'Value not found in enumerated list of values', target: [true, false, 'auto'] },
        },
      },
    ],
    [
      { email: 'abcd' },
      { email: { wrong_format: { message: 'Field is not in the correct format', value: 'abcd', format: 'email' } } },
    ],
    [
      { metaflows: { digit_timeout: -1 } },
      { 'metaflows.digit_timeout': { minimum: { message: 'Value must be at least 0', target: 0, cause: -1 } } },
    ],
    [
      { call_recording: { any: { any: { time_limit: 10_801 } } } },
      {
        'call_recording.any.any.time_limit': {
          maximum: { message: 'Value must be at most 10800', target: 10_800, cause: 10_801 },
        },
      },
    ],
    [
      { media: { audio: { codecs: ['PCMU', 'PCMU'] } } },
      { 'media.audio.codecs': { uniqueItems: { message: 'List of items is not unique' } } },
    ],
    [
      { media: { audio: { codecs: ['MP3'] } } },
      {
        'media.audio.codecs.0': {
          enum: only({
            message: 'Value not found in enumerated list of values',
            target: expect.arrayContaining(['PCMU']) as unknown,
          }),
        },
      },
    ],
    [
      { call_recording: { 'any.thing': {} } },
      { 'call_recording.any%2Ething': { additionalProperties: { message: 'Field is not one that may stand here' } } },
    ],
    [
      { metaflows: { numbers: { 'a/b~c': {} } } },
      { 'metaflows.numbers.a/b~c': { additionalProperties: { message: 'Field is not one that may stand here' } } },
    ],
    [
      { metaflows: { patterns: { 'a/b~c': { module: '' } } } },
      {
        'metaflows.patterns.a/b~c.module': {
          minLength: { message: 'String must be at least 1 characters', target: 1, cause: '' },
        },
      },
    ],
    [
      { metaflows: { numbers: { 1: { module: 'a', children: { b: { module: 'c', children: { d: {} } } } } } } },
      {
        'metaflows.numbers.1.children.b.children.d.module': { required: { message: 'Field is required but missing' } },
      },
    ],
    [
      { formatters: { from: 'x' } },
      {
        'formatters.from': { type: { message: 'Value did not match type(s): array, object', target: 'array, object' } },
      },
    ],
    [
      { formatters: { from: [{ strip: 5 }] } },
      { 'formatters.from.0.strip': { type: { message: 'Value did not match type(s): boolean', target: 'boolean' } } },
    ],
    [
      { call_restriction: { __tollfree: { action: 'allow' }, us: { action: 'deny' } } },
      {
        'call_restriction.__tollfree.action': {
          enum: { message: 'Value not found in enumerated list of values', target: ['inherit', 'deny'] },
        },
      },
    ],
    [
      { password: 'x', username: undefined },
      { username: { required: { message: 'The user name must be provided when updating the password' } } },
    ],
  ])('%j', (data, problems) => {
    expect(problemsOf(data)).toEqual(problems)
  })

  it('all of it at once', () => {
    const all = problemsIn(() => newUser({ hotdesk: { pin: 5 }, email: 'x', username: 'ö', priv_level: 1 }, hex))
    expect(Object.keys(all).toSorted()).toEqual([
      'email',
      'first_name',
      'hotdesk.pin',
      'last_name',
      'priv_level',
      'username',
    ])
  })

  it('but not more of it than anybody reads, nor texts without end', () => {
    const codecs = Array.from({ length: 9_000 }, () => 'x')
    const problems = problemsOf({ media: { audio: { codecs } }, hotdesk: { id: 'x'.repeat(100_000) } })
    expect(Object.keys(problems).length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(problems).length).toBeLessThan(200_000)
  })
})

describe('what Kazoo takes and kitter does not is told under its key:', () => {
  it.each([
    [{ first_name: '<b>' }, 'first_name', 'Value must not contain < or >'],
    [{ last_name: ' ' }, 'last_name', 'Value must not be blank'],
    [{ last_name: 'a\nb' }, 'last_name', 'Value must not contain control characters'],
    [{ username: 'b'.repeat(256) }, 'username', 'Value must have at most 255 characters'],
    [{ username: `user_${hex}` }, 'username', 'Value must not look like a name that was generated'],
    [{ username: 'bob', password: ' ' }, 'password', 'Value must not be blank'],
    [{ username: 'bob', password: 'p'.repeat(256) }, 'password', 'Value must have at most 255 characters'],
  ])('%j', (data, key, message) => {
    expect(problemsOf(data)).toEqual({ [key]: { invalid: { message } } })
  })

  it.each([['a@b'], ['a b@example.com'], ['a@example.com\n']])('the email %j', (email) => {
    expect(problemsOf({ email })).toMatchObject({ email: { wrong_format: { value: email } } })
  })

  it('a document larger than kitter keeps', () => {
    expect(problemsOf({ custom: 'x'.repeat(130_000) })).toEqual({})
    expect(problemsOf({ custom: 'ñ'.repeat(65_536) })).toEqual({
      data: { maxSize: { message: 'Document must not be more than 131072 bytes', target: 131_072 } },
    })
  })

  it('a document of which lists would show too much', () => {
    const flags = Array.from({ length: 80 }, (_, index) => `${index}`.padEnd(90, 'x'))
    expect(problemsOf({ flags })).toEqual({})
    for (const key of ['presence_id', 'feature_level', 'timezone']) {
      expect(problemsOf({ flags, [key]: 'x'.repeat(2000) }), key).toMatchObject({ data: { maxSize: { target: 8192 } } })
    }
  })
})

it('a wrong password is never told back', () => {
  expect(JSON.stringify(problemsOf({ username: 'bob', password: ['s3cret'] }))).not.toContain('s3cret')
  expect(JSON.stringify(problemsOf({ username: 'bob', password: 's3cret'.repeat(60) }))).not.toContain('s3cret')
})

it.each([
  ['a'.repeat(256), 'ö'],
  ['+@.'.repeat(80), '!'],
])('a hostile username is refused at once', (start, end) => {
  const begun = performance.now()
  problemsOf({ username: `${start.repeat(3000)}${end}` })
  expect(performance.now() - begun).toBeLessThan(1000)
})
