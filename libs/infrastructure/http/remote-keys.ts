import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { systemUnavailable } from '#kernel'

const timeoutDuration = 5000
/** A token with an unknown key makes kitter look again, at most this often. */
const cooldownDuration = 10_000

/** The realm's public keys, fetched when they are needed and kept for ten minutes: longer than its tokens are good for. */
export function remoteKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), { timeoutDuration, cooldownDuration })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      if (error instanceof errors.JOSENotSupported) throw error
      throw systemUnavailable('Keycloak', new Error(`The realm's keys can't be had from ${url}.`, { cause: error }))
    }
  }
}
