import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose'
import type { SandboxDatabase } from '../database/sandbox-database.ts'

/**
 * RS256: kitter checks a signature with every request and makes few, and jose checks RS256 in 16 to 30 µs where ES256
 * and EdDSA take 41 to 84 µs (Node 24).
 */
export const signingAlgorithm = 'RS256'

type SigningKey = JWK & { readonly kid: string }

const publicParts = new Set(['kty', 'kid', 'alg', 'use', 'n', 'e'])

/** The key that signs tokens: made once, the same for all replicas and after every restart. */
export class SigningKeys {
  readonly private: SigningKey
  /** For those who check tokens. */
  readonly public: JSONWebKeySet

  private constructor(key: SigningKey) {
    this.private = key
    const parts = Object.entries(key).filter(([name]) => publicParts.has(name))
    this.public = { keys: [Object.fromEntries(parts)] }
  }

  static async load(database: SandboxDatabase): Promise<SigningKeys> {
    const key = (await keptKey(database)) ?? (await firstKey(database))
    return new SigningKeys(key)
  }
}

async function keptKey(database: SandboxDatabase): Promise<SigningKey | undefined> {
  const sql = 'SELECT jwk FROM sandbox.signing_keys WHERE id = 1'
  const [row] = await database.rows<{ readonly jwk: SigningKey }>(sql)
  return row?.jwk
}

/** Of replicas that make one at once, all take the one that was kept first. */
async function firstKey(database: SandboxDatabase): Promise<SigningKey> {
  const sql = 'INSERT INTO sandbox.signing_keys (id, jwk) VALUES (1, $1) ON CONFLICT (id) DO NOTHING'
  await database.rows(sql, JSON.stringify(await newKey()))
  const key = await keptKey(database)
  if (key === undefined) throw new Error("The sandbox's signing key isn't there any more.")
  return key
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true })
  const key = await exportJWK(privateKey)
  return { ...key, kid: await calculateJwkThumbprint(key), alg: signingAlgorithm, use: 'sig' }
}
