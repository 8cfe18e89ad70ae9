import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js'
import type { HashedPassword } from '#core/users'

const argon2 = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/
const bcrypt = /^\$2[aby]\$(\d{2})\$[./A-Za-z0-9]{53}$/
const pbkdf2 = /^\$(pbkdf2(?:-sha(?:256|512))?)\$i=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/**
 * The credential with which Keycloak lets somebody in who knows the password. All of it must be said: without argon2's version
 * or lanes Keycloak takes the credential, and no log-in ever fits it.
 */
export function credentialOf({ hash, temporary }: HashedPassword): CredentialRepresentation {
  const credential = argon2Credential(hash) ?? pbkdf2Credential(hash) ?? bcryptCredential(hash)
  if (credential === undefined) throw new Error('the password was not hashed as Keycloak can check it')
  return { type: 'password', temporary, ...credential }
}

function argon2Credential(hash: string): CredentialRepresentation | undefined {
  const [, memory = '', passes, lanes = '', salt = '', value = ''] = argon2.exec(hash) ?? []
  if (passes === undefined) return undefined
  const hashLength = [String(bytesOf(value).length)]
  const additionalParameters = { hashLength, memory: [memory], type: ['id'], version: ['1.3'], parallelism: [lanes] }
  return credential({ algorithm: 'argon2', hashIterations: Number(passes), additionalParameters }, salt, value)
}

function pbkdf2Credential(hash: string): CredentialRepresentation | undefined {
  const [, algorithm, iterations, salt = '', value = ''] = pbkdf2.exec(hash) ?? []
  if (algorithm === undefined) return undefined
  return credential({ algorithm, hashIterations: Number(iterations), additionalParameters: {} }, salt, value)
}

/** As the provider of that name has it (github.com/leroyguillaume/keycloak-bcrypt): all in one text, which has the salt. */
function bcryptCredential(hash: string): CredentialRepresentation | undefined {
  const cost = bcrypt.exec(hash)?.[1]
  if (cost === undefined) return undefined
  return {
    secretData: JSON.stringify({ value: hash, salt: '', additionalParameters: {} }),
    credentialData: JSON.stringify({ algorithm: 'bcrypt', hashIterations: Number(cost), additionalParameters: {} }),
  }
}

function credential(data: object, salt: string, value: string): CredentialRepresentation {
  return {
    secretData: JSON.stringify({ value: padded(value), salt: padded(salt), additionalParameters: {} }),
    credentialData: JSON.stringify(data),
  }
}

function padded(base64: string): string {
  return bytesOf(base64).toString('base64')
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64')
}
