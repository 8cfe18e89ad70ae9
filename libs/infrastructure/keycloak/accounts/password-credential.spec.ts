import { describe, expect, it } from 'vitest'
import { credentialOf } from './password-credential.ts'
import { PasswordHasher } from './password-hasher.ts'

const [salt, key] = ['c2FsdHNhbHQ', 'aGFzaGhhc2hoYXNoaGFzaA']
const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'

function told(hash: string) {
  const { secretData = '', credentialData = '', ...rest } = credentialOf({ hash, temporary: true })
  return { ...rest, secret: JSON.parse(secretData) as unknown, data: JSON.parse(credentialData) as unknown }
}

describe('The credential of a hash', () => {
  it('of argon2id says all that Keycloak checks it by', async () => {
    const hash = await new PasswordHasher().hash('correct horse', { algorithm: 'argon2', iterations: 30 })
    expect(told(hash)).toMatchObject({
      type: 'password',
      temporary: true,
      secret: { value: expect.stringMatching(/^.{43}=$/), salt: expect.stringMatching(/^.{22}==$/) },
      data: {
        algorithm: 'argon2',
        hashIterations: 30,
        additionalParameters: {
          hashLength: ['32'],
          memory: ['7168'],
          type: ['id'],
          version: ['1.3'],
          parallelism: ['1'],
        },
      },
    })
  })

  it.each([
    ['pbkdf2', 100_000_000],
    ['pbkdf2-sha256', 600_000],
    ['pbkdf2-sha512', 210_000],
  ])('of %s has its salt apart', (algorithm, iterations) => {
    const parts = { value: `${key}==`, salt: `${salt}=` }
    expect(told(`$${algorithm}$i=${iterations}$${salt}$${key}`)).toMatchObject({
      secret: parts,
      data: { algorithm, hashIterations: iterations, additionalParameters: {} },
    })
  })

  it('of bcrypt is one text, as the provider of that name has it', () => {
    expect(told(bcrypt)).toMatchObject({
      secret: { value: bcrypt, salt: '' },
      data: { algorithm: 'bcrypt', hashIterations: 12, additionalParameters: {} },
    })
  })

  it('of anything else is none', () => {
    expect(() => told('$scrypt$n=1$c2FsdA$a2V5')).toThrow('the password was not hashed as Keycloak can check it')
  })
})
