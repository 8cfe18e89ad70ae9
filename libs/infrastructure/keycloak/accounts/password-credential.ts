import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js'
import { type HashedPassword, type PasswordHash, passwordHashIn } from '#core/users'
import { hashAlgorithm } from './hash-algorithm.ts'

/**
 * The credential with which Keycloak lets somebody in who knows the password. All of it must be said: without argon2's version
 * or lanes Keycloak takes the credential, and no log-in ever fits it.
 */
export function credentialOf({ hash: text, temporary }: HashedPassword): CredentialRepresentation {
  const hash = passwordHashIn(text)
  if (hash === undefined) throw new Error('the password was not hashed as Keycloak can check it')
  return {
    type: 'password',
    temporary,
    secretData: JSON.stringify({ ...secretOf(hash), additionalParameters: {} }),
    credentialData: JSON.stringify({
      algorithm: hashAlgorithm(hash),
      hashIterations: roundsOf(hash),
      additionalParameters: parametersOf(hash),
    }),
  }
}

/** bcrypt's as the provider of that name has it (github.com/leroyguillaume/keycloak-bcrypt): all in one text, which has the salt. */
function secretOf(hash: PasswordHash): { readonly value: string; readonly salt: string } {
  if (hash.scheme === 'bcrypt') return { value: hash.text, salt: '' }
  return { value: hash.hash.toString('base64'), salt: hash.salt.toString('base64') }
}

function roundsOf(hash: PasswordHash): number {
  if (hash.scheme === 'bcrypt') return hash.cost
  return hash.scheme === 'pbkdf2' ? hash.iterations : hash.passes
}

function parametersOf(hash: PasswordHash): object {
  if (hash.scheme !== 'argon2id') return {}
  const [hashLength, memory, parallelism] = [hash.hash.length, hash.memory, hash.lanes].map(String)
  return { hashLength: [hashLength], memory: [memory], type: ['id'], version: ['1.3'], parallelism: [parallelism] }
}
