import { KeycloakAccountChanges } from './accounts/keycloak-account-changes.ts'
import { KeycloakAdministrators } from './accounts/keycloak-administrators.ts'
import { KeycloakCredentials } from './accounts/keycloak-credentials.ts'
import { KeycloakIdentityDirectory } from './accounts/keycloak-identity-directory.ts'
import { PasswordHasher } from './accounts/password-hasher.ts'
import { RealmEvents } from './accounts/realm-events.ts'
import { HashProviders } from './realm/hash-providers.ts'
import { KeycloakRealm } from './realm/keycloak-realm.ts'
import type { KeycloakSettings } from './realm/keycloak-settings.ts'
import { RealmFacts } from './realm/realm-facts.ts'
import { KeycloakSessionControl } from './sessions/keycloak-session-control.ts'
import { KeycloakUserSessions } from './sessions/keycloak-user-sessions.ts'
import { RealmSessions } from './sessions/realm-sessions.ts'

/** All adapters over one realm. */
export function adaptersOf(settings: KeycloakSettings) {
  const realm = new KeycloakRealm(settings)
  const facts = new RealmFacts(realm)
  const sessions = new RealmSessions(realm)
  const hasher = new PasswordHasher()
  return {
    realm,
    directory: new KeycloakIdentityDirectory(realm, facts, hasher),
    credentials: new KeycloakCredentials(realm, facts, new HashProviders(realm), hasher),
    changes: new KeycloakAccountChanges(new RealmEvents(realm)),
    administrators: new KeycloakAdministrators(realm),
    userSessions: new KeycloakUserSessions(realm, sessions),
    control: new KeycloakSessionControl(realm, sessions),
  }
}

export type Adapters = ReturnType<typeof adaptersOf>
