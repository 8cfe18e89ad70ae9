import { describe, expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { digestIn, signInDigest } from './sign-in-digest.ts'
import { signInRequest } from './sign-in-request.ts'

const digest = '82a2dc91686ec828a67152d45a5c5ef7'

describe('the digest of name and password', () => {
  it('is what clients send', () => {
    expect(signInDigest('john@example.com', 'm32c6NfqYEt')).toBe(digest)
  })

  it.each([
    [digest, 'md5', digest],
    [digest.toUpperCase(), 'md5', digest],
    [digest, 'sha', undefined],
    ['a'.repeat(40), 'sha', 'a'.repeat(40)],
    ['a'.repeat(40), 'md5', undefined],
    [`${digest}\n`, 'md5', undefined],
    ['g'.repeat(32), 'md5', undefined],
  ] as const)('is in %j by %s: %j', (credentials, method, found) => {
    expect(digestIn(credentials, method)).toBe(found)
  })
})

describe('signing in', () => {
  const nobody = { accountName: undefined, accountRealm: undefined, phoneNumber: undefined }

  it.each([
    [{ account_name: 'Example' }, { ...nobody, accountName: 'Example' }],
    [{ account_realm: 'sip.example.com' }, { ...nobody, accountRealm: 'sip.example.com' }],
    [{ phone_number: '+34911' }, { ...nobody, phoneNumber: '+34911' }],
    [{}, nobody],
  ])('with %j', (account, told) => {
    expect(signInRequest({ credentials: digest, ...account })).toEqual({ method: 'md5', digest, ...told })
  })

  it('with what can be no digest is read, and nobody is found by it', () => {
    expect(signInRequest({ credentials: 'secret' }).digest).toBeUndefined()
  })

  it.each([
    [{}, 'credentials', 'required'],
    [{ credentials: 'x'.repeat(65) }, 'credentials', 'maxLength'],
    [{ credentials: digest, method: 'sha256' }, 'method', 'enum'],
    [{ credentials: digest, account_realm: 'a b c' }, 'account_realm', 'pattern'],
    [{ credentials: digest, account_realm: 'abc' }, 'account_realm', 'minLength'],
    [{ credentials: 5 }, 'credentials', 'type'],
    ['x', 'data', 'type'],
  ])('not with %j', (data, path, code) => {
    expect(problemsIn(() => signInRequest(data))).toHaveProperty([path, code])
  })
})
