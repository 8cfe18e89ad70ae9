import { Injectable } from '@nestjs/common'
import { errors, type TokenEndpointGrantContext } from 'oidc-provider'
import { isPassword } from '../accounts/password-hash.ts'
import { SessionOpener } from '../sessions/session-opener.ts'
import { SandboxSettings } from '../sandbox-settings.ts'
import { kitterResource, lifetimes, offlineScope, resourceServer } from './oidc-configuration.ts'
import { type LogInAccount, Principals } from './principals.ts'

export interface PasswordParameters {
  readonly username?: string
  readonly password?: string
  readonly scope?: string
}

interface LoggedIn {
  readonly accountId: string
  readonly passwordHash: string
}

interface NewTokens {
  readonly accountId: string
  readonly sessionId: string
  readonly scope: string
}

/** Log-in with name and password, as Keycloak's direct grant: an access token and the refresh token of a new session. */
@Injectable()
export class PasswordGrant {
  static readonly grantType = 'password'
  static readonly parameters = ['username', 'password', 'scope']

  constructor(
    private readonly principals: Principals,
    private readonly sessions: SessionOpener,
    private readonly settings: SandboxSettings,
  ) {}

  async handle(ctx: TokenEndpointGrantContext<PasswordParameters>): Promise<void> {
    const { username, password, scope } = ctx.oidc.params
    if (!username || !password) throw new errors.InvalidRequest('username and password are required')
    const account = await this.logIn(username, password)
    const offline = scope?.split(' ').includes(offlineScope) ?? false
    const lifetimeSeconds = offline ? lifetimes.offlineSession : lifetimes.session
    const sessionId = await this.sessions.open({ ...account, offline, lifetimeSeconds })
    if (sessionId === undefined) throw refused('Invalid user credentials')
    ctx.body = await this.tokens(ctx.oidc, {
      accountId: account.accountId,
      sessionId,
      scope: offline ? offlineScope : '',
    })
  }

  private async logIn(username: string, password: string): Promise<LoggedIn> {
    const account = await this.findAccount(username)
    const passwordHash = account?.passwordHash ?? undefined
    const right = await isPassword(passwordHash, password)
    if (account === undefined || passwordHash === undefined || !right) throw refused('Invalid user credentials')
    if (!account.enabled) throw refused('Account disabled')
    if (account.passwordTemporary) throw refused('Account is not fully set up')
    return { accountId: account.id, passwordHash }
  }

  private async tokens(
    { provider, client }: TokenEndpointGrantContext['oidc'],
    { accountId, sessionId, scope }: NewTokens,
  ): Promise<Record<string, unknown>> {
    const grant = new provider.Grant({ accountId, clientId: client.clientId })
    grant.jti = sessionId
    grant.addResourceScope(kitterResource, scope)
    const shared = { client, accountId, grantId: await grant.save(), gty: PasswordGrant.grantType, scope }
    const server = new provider.ResourceServer(kitterResource, resourceServer(this.settings))
    const accessToken = new provider.AccessToken({ ...shared, resourceServer: server })
    const refreshToken = new provider.RefreshToken({ ...shared, resource: kitterResource })
    return {
      access_token: await accessToken.save(),
      expires_in: accessToken.expiration,
      refresh_token: await refreshToken.save(),
      token_type: accessToken.tokenType,
      ...(scope !== '' && { scope }),
    }
  }

  /** Nobody has a name that Postgres can't even be asked for. */
  private async findAccount(username: string): Promise<LogInAccount | undefined> {
    return username.includes('\0') ? undefined : this.principals.findForLogIn(username)
  }
}

function refused(sentence: string): Error {
  return new errors.CustomOIDCProviderError('invalid_grant', sentence)
}
