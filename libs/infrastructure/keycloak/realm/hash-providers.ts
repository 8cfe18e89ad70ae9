import { DomainError } from '#kernel'
import { read } from './answer-shapes.ts'
import type { KeycloakRealm } from './keycloak-realm.ts'
import { Remembered } from './remembered.ts'

/** They change with a restart of Keycloak only, and its answer is large. */
const keptMs = 60_000

/** By which ways of hashing Keycloak checks passwords: its own, and those of providers that an operator added. */
export class HashProviders {
  private readonly realm: KeycloakRealm
  private readonly names = new Remembered(keptMs, () => this.read())

  constructor(realm: KeycloakRealm) {
    this.realm = realm
  }

  /** Not surely where kitter's client isn't told. */
  async has(name: string): Promise<boolean> {
    return (await this.names.current())?.has(name) === true
  }

  async lacks(name: string): Promise<boolean> {
    return (await this.names.current())?.has(name) === false
  }

  /** Nothing where kitter's client may not ask, or somebody before Keycloak keeps the question from it. */
  private async read(): Promise<ReadonlySet<string> | undefined> {
    try {
      const { providers } = read('serverInfo', await this.realm.ask((admin) => admin.serverInfo.find()))
      return new Set(Object.keys(providers['password-hashing'].providers))
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'refused_elsewhere') return undefined
      throw error
    }
  }
}
