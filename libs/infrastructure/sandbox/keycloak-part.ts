import type { FactoryProvider, Provider as NestProvider } from '@nestjs/common'
import Provider from 'oidc-provider'
import { SessionControl } from '#core/sessions'
import { AccountChanges, Administrators, Credentials, IdentityDirectory, UserSessions } from '#core/users'
import { SandboxAccountChanges } from './accounts/sandbox-account-changes.ts'
import { SandboxAdministrators } from './accounts/sandbox-administrators.ts'
import { SandboxCredentials } from './accounts/sandbox-credentials.ts'
import { SandboxIdentityDirectory } from './accounts/sandbox-identity-directory.ts'
import { SandboxDatabase } from './database/sandbox-database.ts'
import { SandboxSettings } from './sandbox-settings.ts'
import { SandboxSessionControl } from './sessions/sandbox-session-control.ts'
import { SandboxUserSessions } from './sessions/sandbox-user-sessions.ts'
import { SessionOpener } from './sessions/session-opener.ts'
import { createOidcProvider } from './tokens/create-oidc-provider.ts'
import { PasswordGrant } from './tokens/password-grant.ts'
import { Principals } from './tokens/principals.ts'
import { SandboxIdentityProvider } from './tokens/sandbox-identity-provider.ts'
import { SandboxTokens } from './tokens/sandbox-tokens.ts'
import { SigningKeys } from './tokens/signing-keys.ts'
import { TokenExchangeGrant } from './tokens/token-exchange-grant.ts'

const signingKeys: FactoryProvider = {
  provide: SigningKeys,
  useFactory: (database: SandboxDatabase) => SigningKeys.load(database),
  inject: [SandboxDatabase],
}

const oidcProvider: FactoryProvider = {
  provide: Provider,
  useFactory: (
    database: SandboxDatabase,
    settings: SandboxSettings,
    keys: SigningKeys,
    principals: Principals,
    password: PasswordGrant,
    exchange: TokenExchangeGrant,
  ) => createOidcProvider({ database, settings, keys, principals }, { password, exchange }),
  inject: [SandboxDatabase, SandboxSettings, SigningKeys, Principals, PasswordGrant, TokenExchangeGrant],
}

const inside: NestProvider[] = [
  signingKeys,
  oidcProvider,
  SandboxTokens,
  Principals,
  SessionOpener,
  PasswordGrant,
  TokenExchangeGrant,
]

/** What stands in for Keycloak. */
export const keycloakPart = {
  providers: [
    ...inside,
    SandboxIdentityProvider,
    SandboxAdministrators,
    { provide: Administrators, useExisting: SandboxAdministrators },
    { provide: AccountChanges, useClass: SandboxAccountChanges },
    { provide: Credentials, useClass: SandboxCredentials },
    { provide: IdentityDirectory, useClass: SandboxIdentityDirectory },
    { provide: SessionControl, useClass: SandboxSessionControl },
    { provide: UserSessions, useClass: SandboxUserSessions },
  ],
  exports: [
    SandboxIdentityProvider,
    SandboxAdministrators,
    Administrators,
    AccountChanges,
    Credentials,
    IdentityDirectory,
    SessionControl,
    UserSessions,
  ],
}
