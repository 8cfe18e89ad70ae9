import { createHmac } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { hash } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { DigestHashing, type DigestPlace } from '#core/users'
import { Database } from './database.ts'
import { StoredSecret } from './stored-secret.ts'

/** As a password is hashed: argon2id (the library's default), 7 MiB, 5 passes, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }
const saltBytes = 16

/** Node's thread pool has four, and other work. */
const inTurn = pLimit(1)

/** argon2id, with a salt that this installation gives to each place: the names in digests make them differ inside it. */
@Injectable()
export class PostgresDigestHashing extends DigestHashing {
  private readonly secret: StoredSecret

  constructor(database: Database) {
    super()
    this.secret = new StoredSecret(database, 'sign-in digests')
  }

  override async hash(digest: string, { name, domain }: DigestPlace): Promise<string> {
    const place = createHmac('sha256', await this.secret.read()).update(JSON.stringify([name, domain]))
    const salt = place.digest().subarray(0, saltBytes)
    return inTurn(() => hash(digest, { ...cost, salt }))
  }
}
