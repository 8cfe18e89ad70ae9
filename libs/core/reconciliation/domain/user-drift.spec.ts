import { describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import { accountOf, communicationsUserOf, LoginNames, parseUserName, type User } from '#core/users'
import { userDrift, type UserDrift } from './user-drift.ts'
import type { UserSides } from './user-sides.ts'

const id = '550e8400-e29b-41d4-a716-446655440000'
const user: User = {
  id,
  username: parseUserName('bob'),
  domain: parseDomainName('example.com'),
  emailVerified: false,
  enabled: true,
  attributes: {},
}

function sidesOf(policy: 'realm' | 'domain', change: Partial<UserSides> = {}): UserSides {
  const loginName = new LoginNames(policy).of(user)
  const communications = { id: '507f1f77bcf86cd799439011', user: communicationsUserOf(user) }
  const record = { user, loginName, communicationsId: communications.id }
  return { id, account: accountOf(user, loginName), communications, record, ...change }
}

function driftOf(sides: UserSides, policy: 'realm' | 'domain' = 'realm', remove = false): UserDrift | undefined {
  return userDrift(sides, { loginNames: new LoginNames(policy), root: parseDomainName('quobis'), remove })
}

describe('How systems differ in a user', () => {
  it.each(['realm', 'domain'] as const)('is not at all where all have the same (LOGIN_NAMES=%s)', (policy) => {
    expect(driftOf(sidesOf(policy), policy)).toBeUndefined()
  })

  it('follows a domain into the login name, where that has it', () => {
    const moved = {
      ...sidesOf('domain').communications,
      user: communicationsUserOf({ ...user, domain: parseDomainName('new.example') }),
    }
    const drift = driftOf(sidesOf('domain', { communications: { id: '507f1f77bcf86cd799439011', ...moved } }), 'domain')
    expect(drift?.goal).toMatchObject({
      loginName: 'bob@new.example',
      user: { username: 'bob', domain: 'new.example' },
    })
  })

  it('has no way out where the login name has no domain of the user behind it', () => {
    const account = { ...accountOf(user, 'bob@elsewhere.example') }
    expect(driftOf(sidesOf('domain', { account }), 'domain')?.problem).toBeDefined()
  })

  it.each(['+1\0', '+1\ud800'])('has no way out where a text can not be stored', (phoneNumber) => {
    const communications = { id: '507f1f77bcf86cd799439011', user: { ...communicationsUserOf(user), phoneNumber } }
    const drift = driftOf(sidesOf('realm', { communications }))
    expect(drift).toMatchObject({ problem: 'One of its texts has characters that can not be stored.' })
    expect(drift?.goal).toBeUndefined()
  })

  it('brings nobody back enabled', () => {
    expect(driftOf(sidesOf('realm', { account: undefined }))?.goal?.user.enabled).toBe(false)
  })

  it('removes only what somebody else has removed, and only where that is asked for', () => {
    const sides = sidesOf('realm', { account: undefined })
    expect(driftOf(sides)?.difference.remedy).toBe('restore')
    expect(driftOf(sides, 'realm', true)).toMatchObject({ difference: { remedy: 'remove' } })
    expect(driftOf(sidesOf('realm', { communications: undefined }), 'realm', true)?.difference.remedy).toBe('restore')
  })
})
