import { randomBytes } from 'node:crypto'
import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js'
import { hashRaw } from '@node-rs/argon2'
import pLimit from 'p-limit'

/** As Keycloak 26 hashes by default: argon2id, version 1.3, 7 MiB, 5 passes, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }

/** All of it must be said: without the version or the lanes Keycloak takes the credential, and no log-in ever fits it. */
const credentialData = JSON.stringify({
  hashIterations: cost.timeCost,
  algorithm: 'argon2',
  additionalParameters: {
    hashLength: [String(cost.outputLen)],
    memory: [String(cost.memoryCost)],
    type: ['id'],
    version: ['1.3'],
    parallelism: [String(cost.parallelism)],
  },
})

/** Half of Node's thread pool, which the checks of tokens need, too. */
const inTurn = pLimit(2)

/** The credential with which Keycloak lets somebody in who knows the password. */
export async function passwordCredential(password: string): Promise<CredentialRepresentation> {
  const salt = randomBytes(16)
  const hash = await inTurn(() => hashRaw(password, { ...cost, salt }))
  const secretData = JSON.stringify({
    value: hash.toString('base64'),
    salt: salt.toString('base64'),
    additionalParameters: {},
  })
  return { type: 'password', secretData, credentialData }
}
