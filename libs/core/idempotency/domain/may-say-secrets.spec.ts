import { describe, expect, it } from 'vitest'
import { maySaySecrets } from './may-say-secrets.ts'

describe('a text that may say a secret', () => {
  it.each([
    'POST /users\n{"user":{"credentials":{"password":"x"}}}',
    'POST /users\n{"user":{"sip_mapping":{"password":"x"}}}',
    'POST /x\n{"PIN":1234}',
    'POST /x\n{"client_secret":"x"}',
    'POST /x\n[{"a":{"newPassword":"x"}}]',
    'POST /users/1/reset-password\n',
  ])('is %j', (text) => {
    expect(maySaySecrets(text)).toBe(true)
  })

  it.each(['POST /users\n{"user":{"email":"ann@example.com","username":"ann"}}', 'POST /domains\n{"domain":{}}'])(
    'is not %j',
    (text) => {
      expect(maySaySecrets(text)).toBe(false)
    },
  )
})
