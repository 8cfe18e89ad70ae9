import { Injectable } from '@nestjs/common'
import { errors as joseErrors, type JWTPayload } from 'jose'
import { errors, type TokenEndpointGrantContext } from 'oidc-provider'
import { isPlainObject, type Role, roles } from '#kernel'
import { type DomainName, domainName } from '#core/domains'
import { bearerOf, hasAccount, type Principal } from './principal.ts'
import { Principals } from './principals.ts'
import { sandboxRealm } from './sandbox-realm.ts'
import { SandboxTokens } from './sandbox-tokens.ts'

export interface ExchangeParameters {
  readonly subject_token?: string
  readonly subject_token_type?: string
  readonly requested_token_type?: string
  readonly role?: string
  readonly domain?: string
  readonly lifetime?: string
}

const { accessTokenType } = sandboxRealm
const defaultLifetimeSeconds = 3600
export const longestLifetimeSeconds = 365 * 24 * 3600

/**
 * RFC 8693 with parameters of our own: whoever holds a token of a kitter-admin gets one with another `role`, for the
 * `domain` of a domain admin, good for `lifetime` seconds. Its subject is nobody's account.
 */
@Injectable()
export class TokenExchangeGrant {
  static readonly grantType = sandboxRealm.tokenExchange
  static readonly parameters = [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'role',
    'domain',
    'lifetime',
  ]

  constructor(
    private readonly tokens: SandboxTokens,
    private readonly principals: Principals,
  ) {}

  async handle(ctx: TokenEndpointGrantContext<ExchangeParameters>): Promise<void> {
    const { params } = ctx.oidc
    const principal = principalOf(params)
    const lifetimeSeconds = lifetimeOf(params.lifetime)
    requireTokenTypes(params)
    await this.requireAdmin(params.subject_token)
    ctx.body = {
      access_token: await this.tokens.sign(principal, lifetimeSeconds),
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
    }
  }

  private async requireAdmin(token: string | undefined): Promise<void> {
    if (!token) throw new errors.InvalidRequest('subject_token is required')
    if (!(await this.isAdmins(await this.claimsOf(token)))) {
      throw new errors.InvalidRequest('subject_token is not of a kitter-admin')
    }
  }

  private async claimsOf(token: string): Promise<JWTPayload> {
    try {
      return await this.tokens.verify(token)
    } catch (error) {
      if (error instanceof joseErrors.JOSEError)
        throw new errors.InvalidRequest('subject_token is not a valid token of this sandbox')
      throw error
    }
  }

  /** Of an account the roles that it has now: what it had at its log-in may not become a token that lives longer. */
  private async isAdmins({ sub = '', realm_access: access }: JWTPayload): Promise<boolean> {
    if (hasAccount(sub)) return (await this.principals.find(sub))?.roles.includes('kitter-admin') ?? false
    const claimed = isPlainObject(access) ? access['roles'] : undefined
    return Array.isArray(claimed) && claimed.includes('kitter-admin')
  }
}

function requireTokenTypes({ subject_token_type: subject, requested_token_type: requested }: ExchangeParameters): void {
  if (subject !== accessTokenType) throw new errors.InvalidRequest(`subject_token_type must be ${accessTokenType}`)
  if (requested !== undefined && requested !== accessTokenType) {
    throw new errors.InvalidRequest(`requested_token_type can only be ${accessTokenType}`)
  }
}

function principalOf({ role: wanted, domain }: ExchangeParameters): Principal {
  const role = roles.find((known) => known === wanted)
  if (role === undefined) throw new errors.InvalidRequest(`role must be one of ${roles.join(', ')}`)
  return bearerOf(role, domainOf(role, domain))
}

function domainOf(role: Role, text: string | undefined): DomainName | undefined {
  if (role !== 'kitter-domain-admin') {
    if (text !== undefined) throw new errors.InvalidRequest('domain goes with the role kitter-domain-admin only')
    return undefined
  }
  const domain = text === undefined ? undefined : domainName(text)
  if (domain === undefined)
    throw new errors.InvalidRequest(
      'kitter-domain-admin needs a domain: labels of letters, digits, "-" and "_" joined by dots',
    )
  return domain
}

function lifetimeOf(text: string | undefined): number {
  if (text === undefined) return defaultLifetimeSeconds
  const seconds = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : Infinity
  if (seconds > longestLifetimeSeconds) {
    throw new errors.InvalidRequest(`lifetime must be a number of seconds from 1 to ${longestLifetimeSeconds}`)
  }
  return seconds
}
