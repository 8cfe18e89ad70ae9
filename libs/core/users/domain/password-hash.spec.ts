import { describe, expect, it } from 'vitest'
import { normalPasswordHash, passwordHashIn, readPasswordHash } from './password-hash.ts'

const salt = 'c2FsdHNhbHQ'
const hash = 'aGFzaGhhc2hoYXNoaGFzaA'
const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'

describe('a password hash', () => {
  it.each([
    [`$argon2id$v=19$m=7168,t=5,p=1$${salt}$${hash}`, { scheme: 'argon2id', memory: 7168, passes: 5, lanes: 1 }],
    [`$pbkdf2-sha512$i=210000$${salt}$${hash}`, { scheme: 'pbkdf2', digest: 'sha512', iterations: 210_000 }],
    [`$pbkdf2-sha256$i=27500,l=16$${salt}==$${hash}`.replace('==', ''), { digest: 'sha256', iterations: 27_500 }],
    [`$pbkdf2-sha256$29000$${salt}$${hash}`, { digest: 'sha256', iterations: 29_000 }],
    [`$pbkdf2$20000$${salt}$${hash}`, { digest: 'sha1', iterations: 20_000 }],
    [bcrypt, { scheme: 'bcrypt' }],
  ])('is %s', (text, expected) => {
    expect(readPasswordHash(text)).toMatchObject(expected)
  })

  it.each([
    '',
    'secret',
    'x'.repeat(2000),
    `$argon2i$v=19$m=7168,t=5,p=1$${salt}$${hash}`,
    `$argon2id$m=7168,t=5,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=7168,t=5,p=0$${salt}$${hash}`,
    `$argon2id$v=19$m=9999999,t=5,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=7168,t=999,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=7168,t=5,p=1$c2E$${hash}`,
    `$argon2id$v=19$m=7168,t=5,p=1$${salt}$c2E`,
    `$argon2id$v=19$m=7168,t=5,p=1$${salt}$${hash}\n`,
    `$pbkdf2-md5$i=210000$${salt}$${hash}`,
    `$pbkdf2-sha512$i=0$${salt}$${hash}`,
    `$pbkdf2-sha512$i=99999999$${salt}$${hash}`,
    bcrypt.replace('$12$', '$31$'),
    bcrypt.slice(1),
  ])('is not %s', (text) => {
    expect(readPasswordHash(text)).toBeUndefined()
  })

  it.each([
    [`$argon2id$v=19$m=7168,t=100,p=1$${salt}$${hash}`, { scheme: 'argon2id', passes: 100 }],
    [`$pbkdf2$i=100000000$${salt}$${hash}`, { digest: 'sha1', iterations: 100_000_000 }],
    [bcrypt.replace('$12$', '$17$'), { scheme: 'bcrypt', cost: 17 }],
  ])('of a realm that wants more than others may bring is %s', (text, expected) => {
    expect(passwordHashIn(text)).toMatchObject(expected)
    expect(readPasswordHash(text)).toBeUndefined()
  })

  it('is told in one way, whoever wrote it', () => {
    const normal = `$pbkdf2-sha256$i=29000$c2FsdHNhbHQ+$${hash}`
    expect(normalPasswordHash(`$pbkdf2-sha256$29000$c2FsdHNhbHQ.$${hash}`)).toBe(normal)
    expect(normalPasswordHash(normal)).toBe(normal)
    expect(normalPasswordHash(`$pbkdf2-sha1$i=5$${salt}$${hash}`)).toBe(`$pbkdf2$i=5$${salt}$${hash}`)
    expect(normalPasswordHash(bcrypt)).toBe(bcrypt)
  })
})
