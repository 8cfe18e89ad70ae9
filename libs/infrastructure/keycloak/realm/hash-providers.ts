import { DomainError } from '#kernel'
import { read } from './answer-shapes.ts'
import type { KeycloakRealm } from './keycloak-realm.ts'

/** They change with a restart of Keycloak only, and its answer is large. */
const keptMs = 60_000

/** By which ways of hashing Keycloak checks passwords: its own, and those of providers that an operator added. */
export class HashProviders {
  private readonly realm: KeycloakRealm
  private names: Promise<ReadonlySet<string> | undefined> | undefined
  private readAt = 0

  constructor(realm: KeycloakRealm) {
    this.realm = realm
  }

  /** Not surely where kitter's client isn't told. */
  async has(name: string): Promise<boolean> {
    return (await this.current())?.has(name) === true
  }

  async lacks(name: string): Promise<boolean> {
    return (await this.current())?.has(name) === false
  }

  private current(): Promise<ReadonlySet<string> | undefined> {
    if (this.names !== undefined && performance.now() - this.readAt < keptMs) return this.names
    const reading = this.read()
    this.names = reading
    this.readAt = performance.now()
    reading.catch(() => {
      if (this.names === reading) this.names = undefined
    })
    return reading
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
