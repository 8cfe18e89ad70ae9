import { hash } from '@node-rs/argon2'
import type { Credential } from './directly.ts'

export interface ReadyHash {
  /** As import files have it. */
  readonly text: string
  /** As Keycloak keeps it. */
  readonly credential: Credential
}

const [memory, passes] = [7168, 5]

/** A password that another system hashed, as Keycloak would have done it. */
export async function readyHash(password: string): Promise<ReadyHash> {
  const text = await hash(password, { memoryCost: memory, timeCost: passes, parallelism: 1, outputLen: 32 })
  const [salt = '', value = ''] = text.split('$').slice(-2)
  const additionalParameters = {
    ...{ hashLength: ['32'], memory: [String(memory)], type: ['id'], version: ['1.3'], parallelism: ['1'] },
  }
  const padded = (base64: string): string => Buffer.from(base64, 'base64').toString('base64')
  return {
    text,
    credential: {
      secretData: JSON.stringify({ value: padded(value), salt: padded(salt), additionalParameters: {} }),
      credentialData: JSON.stringify({ algorithm: 'argon2', hashIterations: passes, additionalParameters }),
    },
  }
}
