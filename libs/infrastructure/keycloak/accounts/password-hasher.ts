import { pbkdf2, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { hash } from '@node-rs/argon2'
import { Places } from '#kernel'
import { hashingCrowded } from '#core/users'
import type { PasswordHashing } from './password-hashing.ts'

/** As Keycloak 26 hashes with argon2id: 7 MiB, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, parallelism: 1, outputLen: 32 }

const digests = { pbkdf2: 'sha1', 'pbkdf2-sha256': 'sha256', 'pbkdf2-sha512': 'sha512' } as const
const [saltBytes, keyBytes] = [16, 64]

/** Half as long as an operation that says nothing of itself is its replica's. */
const longestWaitMs = 30_000

/** Hashes passwords beside everything else, as many at once as there are cores. */
export class PasswordHasher {
  private readonly places: Places
  private unfinished = 0

  constructor(longestMs = longestWaitMs) {
    // Node has four threads for such work, the checks of tokens among it; where digests are kept, up to two are hashed besides
    this.places = new Places(Math.min(availableParallelism(), 3), longestMs)
  }

  get isBusy(): boolean {
    return this.unfinished > 0
  }

  /** A PHC string, such as `$argon2id$v=19$m=7168,t=5,p=1$<salt>$<hash>`. */
  hash(password: string, { algorithm, iterations }: PasswordHashing): Promise<string> {
    const hashed = (): Promise<string> =>
      algorithm === 'argon2'
        ? hash(password, { ...cost, timeCost: iterations })
        : derive(password, algorithm, iterations)
    this.unfinished++
    return this.places.take(hashed, hashingCrowded).finally(() => this.unfinished--)
  }
}

async function derive(password: string, algorithm: keyof typeof digests, iterations: number): Promise<string> {
  const salt = randomBytes(saltBytes)
  const key = await promisify(pbkdf2)(password, salt, iterations, keyBytes, digests[algorithm])
  return `$${algorithm}$i=${iterations}$${unpadded(salt)}$${unpadded(key)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
