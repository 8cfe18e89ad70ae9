import { type DynamicModule, Global, Module } from '@nestjs/common'
import { SessionControl } from '#core/sessions'
import { AccountChanges, Administrators, Credentials, IdentityDirectory, UserSessions } from '#core/users'
import { KeycloakAccountChanges } from './accounts/keycloak-account-changes.ts'
import { KeycloakAdministrators } from './accounts/keycloak-administrators.ts'
import { KeycloakCredentials } from './accounts/keycloak-credentials.ts'
import { KeycloakIdentityDirectory } from './accounts/keycloak-identity-directory.ts'
import { PasswordHasher } from './accounts/password-hasher.ts'
import { RealmEvents } from './accounts/realm-events.ts'
import { HashProviders } from './realm/hash-providers.ts'
import { KeycloakRealm } from './realm/keycloak-realm.ts'
import { RealmFacts } from './realm/realm-facts.ts'
import { KeycloakSessionControl } from './sessions/keycloak-session-control.ts'
import { KeycloakUserSessions } from './sessions/keycloak-user-sessions.ts'
import { RealmSessions } from './sessions/realm-sessions.ts'

const adapters = [
  { provide: IdentityDirectory, useClass: KeycloakIdentityDirectory },
  { provide: Credentials, useClass: KeycloakCredentials },
  { provide: AccountChanges, useClass: KeycloakAccountChanges },
  { provide: Administrators, useClass: KeycloakAdministrators },
  { provide: UserSessions, useClass: KeycloakUserSessions },
  { provide: SessionControl, useClass: KeycloakSessionControl },
]

/** A realm of a real Keycloak, for the ports that it answers. */
@Global()
@Module({})
export class KeycloakModule {
  static over(realm: KeycloakRealm): DynamicModule {
    return {
      module: KeycloakModule,
      providers: [
        { provide: KeycloakRealm, useValue: realm },
        { provide: RealmFacts, useValue: new RealmFacts(realm) },
        { provide: HashProviders, useValue: new HashProviders(realm) },
        { provide: PasswordHasher, useValue: new PasswordHasher() },
        RealmEvents,
        RealmSessions,
        ...adapters,
      ],
      exports: adapters.map(({ provide }) => provide),
    }
  }
}
