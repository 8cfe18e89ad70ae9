import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import { type Actor, isPlainObject, ownOnly, roleMissing, roles } from '#kernel'
import { tokenInvalid } from '#rest'

export interface TokenRules {
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly audience: string
}

/** Signatures with a public key only: a realm's tokens never come with a shared secret, and never without one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

const clockToleranceSeconds = 5

/** How long a token is believed without looking at its signature again, and how many are remembered. */
const remembered = { max: 1000, ttl: 30_000 }

interface VerifiedToken {
  readonly actor: Actor
  /** In seconds since 1970, as tokens say it. */
  readonly expires: number
}

/** Reads who calls from a bearer token: signed by the realm, for kitter, not expired, with one of kitter's roles. */
export class TokenVerifier {
  private readonly rules: TokenRules
  private readonly verified = new LRUCache<string, VerifiedToken>(remembered)

  constructor(rules: TokenRules) {
    this.rules = rules
  }

  async verify(token: string): Promise<Actor> {
    const actor = await this.verifyAnybody(token)
    if (actor.role === ownOnly) throw roleMissing()
    return actor
  }

  /**
   * Also without one of the roles: then it's the role of those who have their own user only. Portals and scripts send one token again and again, and a
   * signature costs more than the answer to most questions.
   */
  async verifyAnybody(token: string): Promise<Actor> {
    const known = this.verified.get(token)
    if (known !== undefined && known.expires > Date.now() / 1000) return known.actor
    const payload = await this.payloadOf(token)
    const actor = actorOf(payload)
    this.verified.set(token, { actor, expires: payload.exp ?? 0 })
    return actor
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    const { keys, issuer, audience } = this.rules
    const requiredClaims = ['sub', 'exp']
    const options = { issuer, audience, algorithms, requiredClaims, clockTolerance: clockToleranceSeconds }
    try {
      return (await jwtVerify(token, keys, options)).payload
    } catch (error) {
      if (error instanceof errors.JOSEError) throw tokenInvalid(problemOf(error))
      throw error
    }
  }
}

function actorOf(payload: JWTPayload): Actor {
  const role = roles.find((known) => rolesIn(payload).includes(known)) ?? ownOnly
  const subject = textOf(payload.sub)
  // of a token that nobody takes anyway, that is said first
  if (subject === undefined && role === ownOnly) throw roleMissing()
  if (subject === undefined) throw tokenInvalid('its claim "sub" is not right')
  const domain = textOf(payload['domain'])?.toLowerCase()
  return {
    subject,
    name: textOf(payload['preferred_username']) ?? subject,
    role,
    ...(domain !== undefined && { domain }),
  }
}

function rolesIn({ realm_access: access }: JWTPayload): readonly unknown[] {
  const listed = isPlainObject(access) ? access['roles'] : undefined
  return Array.isArray(listed) ? listed : []
}

/** Keycloak's mappers make lists of claims that come from attributes. Text with a NUL is none that Postgres could be asked for. */
function textOf(claim: unknown): string | undefined {
  const value: unknown = Array.isArray(claim) && claim.length === 1 ? claim[0] : claim
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined
}

function problemOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim "${error.claim}" is not right`
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is not right'
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is not signed by this realm'
  return 'it is no well-formed token'
}
