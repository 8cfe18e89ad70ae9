import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js'
import { hash } from '@node-rs/argon2'
import pLimit from 'p-limit'
import type { HashedPassword } from '#core/users'

/** As Keycloak 26 hashes by default: argon2id, 7 MiB, 5 passes, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }

/** Half of Node's thread pool, which the checks of tokens need, too. */
const inTurn = pLimit(2)

/** A PHC string, such as `$argon2id$v=19$m=7168,t=5,p=1$<salt>$<hash>`. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/**
 * The credential with which Keycloak lets somebody in who knows the password. All of it must be said: without the version
 * or the lanes Keycloak takes the credential, and no log-in ever fits it.
 */
export function credentialOf({ hash: text, temporary }: HashedPassword): CredentialRepresentation {
  const [, memory, passes, lanes, salt = '', hashed = ''] = phc.exec(text) ?? []
  if (memory === undefined) throw new Error('the password was not hashed with argon2id')
  const bytes = Buffer.from(hashed, 'base64')
  return {
    type: 'password',
    temporary,
    secretData: JSON.stringify({ value: bytes.toString('base64'), salt: padded(salt), additionalParameters: {} }),
    credentialData: JSON.stringify({
      hashIterations: Number(passes),
      algorithm: 'argon2',
      additionalParameters: {
        hashLength: [String(bytes.length)],
        memory: [memory],
        type: ['id'],
        version: ['1.3'],
        parallelism: [lanes],
      },
    }),
  }
}

function padded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64')
}
