import { createHmac } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { type KeyedRequest, maySaySecrets } from '#core/idempotency'

/** As a password is hashed: argon2id (the library's default), 7 MiB, 5 passes, 1 lane, 32 bytes. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1, outputLen: 32 }
const saltBytes = 16

/** Node's thread pool has four, and other work. */
const inTurn = pLimit(1)

/**
 * By what a request is known again. Whoever has a copy of the database, and with it the key, can try out what a request may
 * have been: where it may have had a password, that is as hard as with a hash of the password itself. What else is in
 * requests is in the database anyway.
 */
export async function fingerprintOf({ subject, key, text }: KeyedRequest, secret: Buffer): Promise<Buffer> {
  if (!maySaySecrets(text)) return createHmac('sha256', secret).update(text).digest()
  const whose = createHmac('sha256', secret).update(JSON.stringify([subject, key]))
  const salt = whose.digest().subarray(0, saltBytes)
  return inTurn(() => hashRaw(text, { ...cost, salt }))
}
