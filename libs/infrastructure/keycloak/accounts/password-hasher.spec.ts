import { describe, expect, it } from 'vitest'
import { PasswordHasher } from './password-hasher.ts'

describe('Passwords that wait to be hashed', () => {
  it('for too long are told so, and the others are hashed', async () => {
    const hasher = new PasswordHasher(150)
    const costly = { algorithm: 'pbkdf2-sha512', iterations: 100_000 } as const
    const hashing = Array.from({ length: 60 }, () => hasher.hash('correct horse', costly))
    const outcomes = await Promise.allSettled(hashing)
    const refusals = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled', value: expect.stringMatching(/^\$pbkdf2-sha512\$i=/) })
    expect(refusals.length).toBeGreaterThan(0)
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ kind: 'unavailable', code: 'service.unavailable', details: { retryAfter: 5 } })
    expect(await hasher.hash('correct horse', { ...costly, iterations: 1000 })).toMatch(/^\$pbkdf2-sha512\$i=1000\$/)
  })
})
