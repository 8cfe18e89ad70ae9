import { systemRefused } from '#kernel'
import { read } from './answer-shapes.ts'
import type { KeycloakRealm } from './keycloak-realm.ts'
import { Remembered } from './remembered.ts'

/** What the realm gives to every new user, and asks of every new password. There are none of a realm that loses what kitter sets. */
export interface Facts {
  readonly defaultRole: string
  readonly defaultGroups: readonly string[]
  readonly defaultActions: readonly string[]
  readonly passwordPolicy: string
}

const keptMs = 30_000

/** With others, Keycloak takes a user's domain and answers as if it had kept it. */
const keeping = new Set(['ADMIN_EDIT', 'ENABLED'])
const dropping = new Error(
  "The realm's user profile drops attributes that kitter sets: kitter doctor tells how to mend it.",
)

/** Operators change them rarely: they are read again when they are older than half a minute. */
export class RealmFacts {
  private readonly realm: KeycloakRealm
  private readonly facts = new Remembered(keptMs, () => this.read())

  constructor(realm: KeycloakRealm) {
    this.realm = realm
  }

  current(): Promise<Facts> {
    return this.facts.current()
  }

  private async read(): Promise<Facts> {
    const [found, profile, actions] = await Promise.all([
      this.realm.ask((admin) => admin.realms.findOne({ realm: this.realm.name })),
      this.realm.ask((admin) => admin.users.getProfile()),
      this.realm.ask((admin) => admin.authenticationManagement.getRequiredActions()),
    ])
    const realm = read('realm', found)
    if (!keeping.has(read('profile', profile).unmanagedAttributePolicy)) throw systemRefused('Keycloak', dropping)
    const defaults = read('requiredActions', actions).filter(({ enabled, defaultAction }) => enabled && defaultAction)
    return {
      defaultRole: realm.defaultRole.name,
      defaultGroups: realm.defaultGroups,
      defaultActions: defaults.map(({ alias }) => alias),
      passwordPolicy: realm.passwordPolicy,
    }
  }
}
