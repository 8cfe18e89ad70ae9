import type { PasswordHash } from '#core/users'

/** As Keycloak calls it. */
export function hashAlgorithm(hash: PasswordHash): string {
  if (hash.scheme === 'argon2id') return 'argon2'
  if (hash.scheme === 'bcrypt') return 'bcrypt'
  return hash.digest === 'sha1' ? 'pbkdf2' : `pbkdf2-${hash.digest}`
}
