import { describe, expect, it } from 'vitest'
import { PasswordPolicy } from './password-policy.ts'

describe('The way in which a realm hashes passwords', () => {
  it.each([
    ['', { algorithm: 'argon2', iterations: 5 }],
    ['length(8)', { algorithm: 'argon2', iterations: 5 }],
    ['hashAlgorithm(argon2) and hashIterations(7)', { algorithm: 'argon2', iterations: 7 }],
    ['hashAlgorithm(pbkdf2)', { algorithm: 'pbkdf2', iterations: 1_300_000 }],
    ['hashAlgorithm(pbkdf2-sha256)', { algorithm: 'pbkdf2-sha256', iterations: 600_000 }],
    ['hashAlgorithm(pbkdf2-sha512)', { algorithm: 'pbkdf2-sha512', iterations: 210_000 }],
    ['hashIterations(1000) and hashAlgorithm(pbkdf2-sha512)', { algorithm: 'pbkdf2-sha512', iterations: 1000 }],
  ])('is known of the policy "%s"', (policy, hashing) => {
    const read = new PasswordPolicy(policy)
    expect(read.hashing).toEqual(hashing)
    expect([read.isCompleteFor('first'), read.isCompleteFor('another')]).toEqual([true, true])
  })

  it.each([
    'hashAlgorithm(scrypt)',
    'hashAlgorithm(toString)',
    'hashIterations',
    'hashIterations(0)',
    'hashIterations(many)',
    'hashIterations(101)',
    'hashAlgorithm(pbkdf2) and hashIterations(999999999)',
  ])('is known to Keycloak only, of the policy "%s"', (policy) => {
    const read = new PasswordPolicy(policy)
    expect(read.hashing).toBeUndefined()
    expect([read.isCompleteFor('first'), read.isCompleteFor('another')]).toEqual([false, false])
  })
})
