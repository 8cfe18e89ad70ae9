/** A password hash that another system made, as far as it says how. */
export type PasswordHash =
  | {
      readonly scheme: 'argon2id'
      /** In KiB. */
      readonly memory: number
      readonly passes: number
      readonly lanes: number
      readonly salt: Buffer
      readonly hash: Buffer
    }
  | {
      readonly scheme: 'pbkdf2'
      readonly digest: 'sha1' | 'sha256' | 'sha512'
      readonly iterations: number
      readonly salt: Buffer
      readonly hash: Buffer
    }
  | { readonly scheme: 'bcrypt'; readonly cost: number; readonly text: string }

const argon2id = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/
const pbkdf2 = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,4})?\$([\w+/.]+)\$([\w+/.]+)$/
const bcrypt = /^\$2[aby]\$(\d{2})\$[./A-Za-z0-9]{53}$/

/** Dearer ones would keep a server busy for seconds whenever somebody logs in. */
const dearest = { memory: 256 * 1024, passes: 20, lanes: 16, iterations: 5_000_000, bcryptCost: 16 }
const shortest = { salt: 8, hash: 16 }
const longest = 1024

/**
 * Reads a PHC string of argon2id or PBKDF2 (also passlib's, whose base64 has `.` for `+` and whose iterations have no `i=`), or
 * a hash of bcrypt. Nothing where it's none, or one that no server should check.
 */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const hash = passwordHashIn(text)
  return hash !== undefined && isBearable(hash) ? hash : undefined
}

/** The same, however dear it is: of hashes that kitter itself made, as the realm wants them. */
export function passwordHashIn(text: string): PasswordHash | undefined {
  return text.length > longest ? undefined : (argon2idIn(text) ?? pbkdf2In(text) ?? bcryptIn(text))
}

/** The same hash in the one way in which adapters know it. */
export function normalPasswordHash(text: string): string {
  const read = readPasswordHash(text)
  if (read?.scheme !== 'pbkdf2') return text
  const name = read.digest === 'sha1' ? 'pbkdf2' : `pbkdf2-${read.digest}`
  return ['', name, `i=${read.iterations}`, unpadded(read.salt), unpadded(read.hash)].join('$')
}

function isBearable(hash: PasswordHash): boolean {
  if (hash.scheme === 'bcrypt') return hash.cost <= dearest.bcryptCost
  if (hash.scheme === 'pbkdf2') return hash.iterations <= dearest.iterations
  return hash.memory <= dearest.memory && hash.passes <= dearest.passes && hash.lanes <= dearest.lanes
}

function argon2idIn(text: string): PasswordHash | undefined {
  const [whole, ...parts] = argon2id.exec(text) ?? []
  if (whole === undefined) return undefined
  const [memory = 0, passes = 0, lanes = 0] = parts.slice(0, 3).map(Number)
  if (lanes < 1 || passes < 1 || memory < 8 * lanes) return undefined
  const bytes = bytesOf(parts[3], parts[4])
  return bytes && { scheme: 'argon2id', memory, passes, lanes, ...bytes }
}

function pbkdf2In(text: string): PasswordHash | undefined {
  const [whole, digest = 'sha1', rounds, salt, hash] = pbkdf2.exec(text) ?? []
  if (whole === undefined || (digest !== 'sha1' && digest !== 'sha256' && digest !== 'sha512')) return undefined
  const iterations = Number(rounds)
  if (iterations < 1) return undefined
  const bytes = bytesOf(salt, hash)
  return bytes && { scheme: 'pbkdf2', digest, iterations, ...bytes }
}

function bcryptIn(text: string): PasswordHash | undefined {
  const cost = Number(bcrypt.exec(text)?.[1])
  return cost >= 4 ? { scheme: 'bcrypt', cost, text } : undefined
}

function bytesOf(salt = '', hash = ''): { readonly salt: Buffer; readonly hash: Buffer } | undefined {
  const bytes = { salt: base64(salt), hash: base64(hash) }
  return bytes.salt.length >= shortest.salt && bytes.hash.length >= shortest.hash ? bytes : undefined
}

function base64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
