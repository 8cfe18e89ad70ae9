import type { Configuration, ResourceServer } from 'oidc-provider'
import type { SandboxDatabase } from '../database/sandbox-database.ts'
import type { SandboxSettings } from '../sandbox-settings.ts'
import { OidcStorage } from './oidc-storage.ts'
import { claimsOf } from './principal.ts'
import type { Principals } from './principals.ts'
import { sandboxRealm } from './sandbox-realm.ts'
import { signingAlgorithm, type SigningKeys } from './signing-keys.ts'

/** In seconds: Keycloak's defaults. */
export const lifetimes = { accessToken: 300, session: 36_000, offlineSession: 2_592_000 }

/** oidc-provider's name for what tokens are for; only it makes access tokens JWTs. */
export const kitterResource = 'urn:kitter'

export const offlineScope = 'offline_access'

export interface OidcParts {
  readonly database: SandboxDatabase
  readonly settings: SandboxSettings
  readonly keys: SigningKeys
  readonly principals: Principals
}

export function resourceServer({ audience }: SandboxSettings): ResourceServer {
  return { audience, scope: offlineScope, accessTokenFormat: 'jwt', jwt: { sign: { alg: signingAlgorithm } } }
}

/** Tokens for `kitter-cli`, and nothing else of what oidc-provider can do: no pages, cookies, codes or ID tokens. */
export function oidcConfiguration({ database, settings, keys, principals }: OidcParts): Configuration {
  return {
    adapter: (model) => new OidcStorage(model, database),
    clients: [client()],
    clientAuthMethods: ['none'],
    clientBasedCORS: ({ protocol, host }, origin) => origin === `${protocol}://${host}`,
    extraTokenClaims: async (_, token) => {
      const principal = 'accountId' in token ? await principals.find(token.accountId) : undefined
      return principal && claimsOf(principal)
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => resourceServer(settings),
        useGrantedResource: () => true,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount: async (_, accountId) => {
      const principal = await principals.find(accountId)
      return principal && { accountId, claims: () => ({ sub: accountId, ...claimsOf(principal) }) }
    },
    jwks: { keys: [keys.private] },
    renderError: (ctx, answer) => {
      ctx.body = answer
    },
    responseTypes: [],
    rotateRefreshToken: false,
    routes: { token: sandboxRealm.tokenPath, jwks: sandboxRealm.keysPath },
    scopes: [offlineScope],
    // a session that ends sooner takes its tokens along
    ttl: {
      AccessToken: lifetimes.accessToken,
      Grant: lifetimes.offlineSession,
      RefreshToken: lifetimes.offlineSession,
    },
  }
}

function client(): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: sandboxRealm.clientId,
    token_endpoint_auth_method: 'none',
    grant_types: ['password', 'refresh_token', sandboxRealm.tokenExchange],
    redirect_uris: [],
    response_types: [],
  }
}
