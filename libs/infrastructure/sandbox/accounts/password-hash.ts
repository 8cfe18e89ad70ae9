import { pbkdf2 as derive, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { readPasswordHash } from '#core/users'

/** As Keycloak hashes: argon2id (the library's default), 7 MiB, 5 passes, 1 lane. */
const cost = { memoryCost: 7168, timeCost: 5, parallelism: 1 }

/**
 * Half of Node's thread pool. Hashing takes a thread for 10 ms and more, and the check of every request's token stands in
 * the same queue: behind 32 hashes it took 290 ms, with two at a time 0.1 ms (two cores, as many hashes a second).
 */
const inTurn = pLimit(2)

let nobodys: Promise<string> | undefined

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

/** Whether it's the password. Takes as long where there is no hash to compare with, so that it doesn't tell who exists. */
export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobodys ??= hashPassword('')
  const compared = passwordHash ?? (await nobodys)
  const same = await inTurn(() => matches(compared, password))
  return same && passwordHash !== undefined
}

/** As Keycloak without further providers: no bcrypt. */
export function canCheck(passwordHash: string): boolean {
  const read = readPasswordHash(passwordHash)
  return read !== undefined && read.scheme !== 'bcrypt'
}

const pbkdf2 = promisify(derive)

async function matches(passwordHash: string, password: string): Promise<boolean> {
  const read = readPasswordHash(passwordHash)
  if (read?.scheme !== 'pbkdf2') return verify(passwordHash, password)
  const { salt, iterations, digest } = read
  return timingSafeEqual(await pbkdf2(password, salt, iterations, read.hash.length, digest), read.hash)
}
