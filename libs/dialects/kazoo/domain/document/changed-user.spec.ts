import { describe, expect, it } from 'vitest'
import { parseUserName } from '#core/users'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { createdText, hex, seen, userId } from '../documented-user.fixture.ts'
import { patchedUser, replacedUser } from './changed-user.ts'
import { defaultExtension, userDocument } from './user-document.ts'

const created = JSON.parse(createdText) as Record<string, unknown>
const nameless = seen({ username: parseUserName(`user_${hex}`) })
const same = { firstName: 'User', lastName: 'Three', email: undefined, enabled: true }

describe('the document of a user', () => {
  it("whom the dialect hasn't seen yet has the defaults", () => {
    expect(userDocument(nameless)).toEqual(created)
    expect(userDocument(seen())).toEqual({ ...created, username: 'bob' })
  })

  it('has what kitter knows from kitter, whatever the extension says', () => {
    const extension = {
      username: 'old',
      email: 'old@example.com',
      password: 'x',
      id: 'old',
      first_name: 'Old',
      custom: 1,
    }
    const { email: _, ...user } = seen({ firstName: undefined }).user
    expect(userDocument({ user, extension })).toEqual({
      ...{ custom: 1, enabled: true, id: userId, last_name: 'Three', username: 'bob' },
    })
  })
})

describe('a merge', () => {
  it("of the documentation's example changes what it names", () => {
    expect(patchedUser(nameless, { enabled: false })).toEqual({
      change: { ...same, enabled: false },
      password: undefined,
      extension: defaultExtension,
    })
  })

  it('removes by null and clears by an empty object, and then come the defaults', () => {
    const before = seen({}, { ...defaultExtension, custom: { a: 1, b: 2 }, hotdesk: { enabled: true, pin: '1234' } })
    const { extension } = patchedUser(before, { custom: { a: null }, hotdesk: {}, verified: null })
    expect(extension).toMatchObject({ custom: { b: 2 }, verified: false })
    expect(extension['hotdesk']).toEqual({ enabled: false, keep_logged_in_elsewhere: false, require_pin: false })
  })

  it('is checked as a whole', () => {
    expect(problemsIn(() => patchedUser(seen(), { first_name: null }))).toEqual({
      first_name: { required: { message: 'Field is required but missing' } },
    })
    expect(problemsIn(() => patchedUser(seen(), { hotdesk: { pin: '1' } }))).toHaveProperty([
      'hotdesk.pin',
      'minLength',
    ])
  })

  it('says that a new email is not verified, and nothing of one that is the same', () => {
    const before = seen({ email: 'Bob@example.com' })
    expect(patchedUser(before, { email: 'bob@new.example' }).change).toMatchObject({ emailVerified: false })
    expect(patchedUser(before, { email: 'bob@Example.com' }).change).not.toHaveProperty('emailVerified')
    expect(patchedUser(before, { timezone: 'UTC' }).change).not.toHaveProperty('emailVerified')
  })

  it('says that an email is gone', () => {
    const { change } = patchedUser(seen({ email: 'bob@example.com' }), { email: null })
    expect(change).toEqual({ ...same, email: undefined, emailVerified: false })
    expect(Object.hasOwn(change, 'email')).toBe(true)
  })

  it('never reaches what clients may not see', () => {
    const { extension } = patchedUser(seen(), { pvt_x: 1, _rev: '1', id: 'x', sync: true })
    expect(extension).toEqual(defaultExtension)
  })

  it('leaves alone what kitter has and Kazoo would refuse', () => {
    const foreign = seen({ username: parseUserName("o'brien"), firstName: 'x'.repeat(200), lastName: undefined })
    expect(patchedUser(foreign, { custom: 1 }).change).toEqual({
      ...same,
      firstName: 'x'.repeat(200),
      lastName: undefined,
    })
    expect(problemsIn(() => patchedUser(foreign, { first_name: 'y'.repeat(200) }))).toHaveProperty(
      'first_name.maxLength',
    )
    expect(problemsIn(() => patchedUser(foreign, { username: "o'neill", password: 'x' }))).toHaveProperty(
      'username.pattern',
    )
  })

  it('makes no document larger than one may send at once', () => {
    const values = (length: number) => Array.from({ length }, () => 1)
    const before = seen({}, { ...defaultExtension, one: values(6_000) })
    expect(problemsIn(() => patchedUser(before, { other: values(6_000) }))).toHaveProperty('data.maxItems')
    expect(patchedUser(before, { one: null, other: values(6_000) }).extension).not.toHaveProperty('one')
  })

  it('is the same when it is asked twice', () => {
    const patch = { username: null, hotdesk: { id: '1' } }
    expect(patchedUser(seen(), patch)).toEqual(patchedUser(seen(), patch))
  })
})

describe('a replacement', () => {
  it("of the documentation's example keeps what it says", () => {
    const { change, extension } = replacedUser(nameless, { ...created, enabled: false })
    expect(change).toEqual({ ...same, enabled: false })
    expect(extension).toEqual(defaultExtension)
  })

  it('removes what it leaves out, and its defaults come back', () => {
    const before = seen({ email: 'bob@example.com' }, { ...defaultExtension, custom: 1, priv_level: 'admin' })
    const { change, extension } = replacedUser(before, { first_name: 'A', last_name: 'B', username: 'bob' })
    expect(change).toEqual({ firstName: 'A', lastName: 'B', email: undefined, emailVerified: false, enabled: true })
    expect(extension).toEqual(defaultExtension)
  })
})

describe('names and passwords', () => {
  const needed = { message: 'The password must be provided when updating the user name', cause: 'alice' }

  it('go together when the name changes', () => {
    expect(problemsIn(() => patchedUser(seen(), { username: 'Alice' }))).toEqual({ password: { required: needed } })
    expect(problemsIn(() => patchedUser(nameless, { username: 'alice' }))).toEqual({ password: { required: needed } })
    const { change, password } = patchedUser(seen(), { username: 'Alice', password: 'x' })
    expect([change.username, password]).toEqual(['alice', 'x'])
  })

  it('a name in other case is the same name', () => {
    expect(patchedUser(seen(), { username: 'BOB' }).change).toEqual(same)
    expect(replacedUser(seen(), { ...created, username: 'Bob' }).change).toEqual(same)
  })

  it('a password alone is a new one for the name there is', () => {
    expect(patchedUser(seen(), { password: 'x' })).toMatchObject({ change: same, password: 'x' })
    expect(problemsIn(() => patchedUser(nameless, { password: 'x' }))).toEqual({
      username: { required: { message: 'The user name must be provided when updating the password' } },
    })
  })

  it.each([
    ['null', () => patchedUser(seen(), { username: null })],
    ['leaving it out', () => replacedUser(seen(), { first_name: 'User', last_name: 'Three' })],
  ])('%s takes the name away: kitter has one that nobody is shown', (_, ask) => {
    expect(ask().change).toEqual({ ...same, username: `user_${userId}` })
  })

  it('who has no name keeps the one that nobody is shown', () => {
    expect(patchedUser(nameless, { username: null }).change).toEqual(same)
    expect(replacedUser(nameless, created).change).toEqual(same)
  })
})
