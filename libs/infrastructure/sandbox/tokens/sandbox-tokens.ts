import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { createLocalJWKSet, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { SandboxSettings } from '../sandbox-settings.ts'
import { claimsOf, type Principal } from './principal.ts'
import { sandboxRealm } from './sandbox-realm.ts'
import { signingAlgorithm, SigningKeys } from './signing-keys.ts'

/** Access tokens that nobody logged in for. */
@Injectable()
export class SandboxTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: SandboxSettings,
  ) {}

  sign(principal: Principal, lifetimeSeconds: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({ ...claimsOf(principal), client_id: sandboxRealm.clientId })
      .setProtectedHeader({ alg: signingAlgorithm, typ: 'at+jwt', kid: this.keys.private.kid })
      .setJti(randomUUID())
      .setSubject(principal.subject)
      .setIssuer(this.settings.issuer)
      .setAudience(this.settings.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.keys.private)
  }

  /** The claims of a token of this sandbox; a `JOSEError` tells why it isn't one. */
  async verify(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.settings
    const rules = { issuer, audience, algorithms: [signingAlgorithm], requiredClaims: ['sub', 'exp'] }
    return (await jwtVerify(token, createLocalJWKSet(this.keys.public), rules)).payload
  }
}
