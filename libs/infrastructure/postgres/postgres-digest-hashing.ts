import { createHmac } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { Places } from '#kernel'
import { DigestHashing, type DigestOccasion, type DigestPlace, hashingCrowded } from '#core/users'
import type { Database } from './database.ts'
import { StoredSecret } from './stored-secret.ts'

/** As a password is hashed: argon2id (the library's default), 7 MiB, 5 passes, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }
const saltBytes = 16

/** A new password's is waited for under claims, as its own hash is. */
const longestWaits: Readonly<Record<DigestOccasion, number>> = { new: 30_000, tried: 10_000 }

/** argon2id, with a salt that this installation gives to each place: the names in digests make them differ inside it. */
export class PostgresDigestHashing extends DigestHashing {
  private readonly secret: StoredSecret
  private readonly places: Readonly<Record<DigestOccasion, Places>>

  constructor(database: Database, longestWaitsMs = longestWaits) {
    super()
    this.secret = new StoredSecret(database, 'sign-in digests')
    // one of each: of the four threads that Node has for such work, passwords themselves take up to three
    this.places = { new: new Places(1, longestWaitsMs.new), tried: new Places(1, longestWaitsMs.tried) }
  }

  override async hash(digest: string, { name, domain }: DigestPlace, occasion: DigestOccasion): Promise<string> {
    const place = createHmac('sha256', await this.secret.read()).update(JSON.stringify([name, domain]))
    const salt = place.digest().subarray(0, saltBytes)
    return this.places[occasion].take(() => hash(digest, { ...cost, salt }), hashingCrowded)
  }
}
