import { pbkdf2, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { hash } from '@node-rs/argon2'
import pLimit from 'p-limit'
import type { PasswordHashing } from './password-hashing.ts'

/** As Keycloak 26 hashes with argon2id: 7 MiB, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, parallelism: 1, outputLen: 32 }

const digests = { pbkdf2: 'sha1', 'pbkdf2-sha256': 'sha256', 'pbkdf2-sha512': 'sha512' } as const
const [saltBytes, keyBytes] = [16, 64]

/** As many as there are cores. One of the four threads that Node has for such work is left to the checks of tokens. */
const inTurn = pLimit(Math.min(availableParallelism(), 3))

/** A PHC string, such as `$argon2id$v=19$m=7168,t=5,p=1$<salt>$<hash>`. */
export function hashPassword(password: string, { algorithm, iterations }: PasswordHashing): Promise<string> {
  return inTurn(() =>
    algorithm === 'argon2'
      ? hash(password, { ...cost, timeCost: iterations })
      : derive(password, algorithm, iterations),
  )
}

async function derive(password: string, algorithm: keyof typeof digests, iterations: number): Promise<string> {
  const salt = randomBytes(saltBytes)
  const key = await promisify(pbkdf2)(password, salt, iterations, keyBytes, digests[algorithm])
  return `$${algorithm}$i=${iterations}$${unpadded(salt)}$${unpadded(key)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
