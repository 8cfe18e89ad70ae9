import { Logger } from '@nestjs/common'
import Provider from 'oidc-provider'
import { isPlainObject } from '#kernel'
import { oidcConfiguration, type OidcParts } from './oidc-configuration.ts'
import { PasswordGrant, type PasswordParameters } from './password-grant.ts'
import { sandboxRealm } from './sandbox-realm.ts'
import { type ExchangeParameters, TokenExchangeGrant } from './token-exchange-grant.ts'

export interface OidcGrants {
  readonly password: PasswordGrant
  readonly exchange: TokenExchangeGrant
}

export function createOidcProvider(parts: OidcParts, { password, exchange }: OidcGrants): Provider {
  const provider = new Provider(parts.settings.issuer, oidcConfiguration(parts))
  provider.proxy = parts.settings.trustProxy
  provider.registerGrantType<PasswordParameters>(
    PasswordGrant.grantType,
    (ctx) => password.handle(ctx),
    PasswordGrant.parameters,
  )
  provider.registerGrantType<ExchangeParameters>(
    TokenExchangeGrant.grantType,
    (ctx) => exchange.handle(ctx),
    TokenExchangeGrant.parameters,
  )
  provider.use(describeWhatIsServed)
  logFailures(provider)
  return provider
}

/** oidc-provider's discovery document speaks of an authorization endpoint, which isn't served here. */
async function describeWhatIsServed(
  ctx: { body?: unknown; readonly path: string },
  next: () => Promise<void>,
): Promise<void> {
  await next()
  if (ctx.path !== sandboxRealm.discoveryPath || !isPlainObject(ctx.body)) return
  const { authorization_endpoint: _, ...document } = ctx.body
  ctx.body = document
}

/** Messages only: what else is in an error could be a secret. */
function logFailures(provider: Provider): void {
  const log = new Logger('SandboxIdentityProvider')
  const tell = ({ message }: Error): void => log.error(`The sandbox's token endpoint failed: ${message}`)
  provider.on('server_error', (_, error) => tell(error))
  provider.onerror = tell
}
