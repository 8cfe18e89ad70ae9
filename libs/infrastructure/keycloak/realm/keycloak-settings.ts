/** Where Keycloak is, and as which client of the realm kitter works there. */
export interface KeycloakSettings {
  /** Keycloak's base URL, without `/realms`. */
  readonly url: string
  readonly realm: string
  readonly clientId: string
  readonly clientSecret: string
  /** How long one call may take. Ten seconds by default. */
  readonly timeoutMs?: number
  /** How many calls may be under way at once; further ones wait. Sixteen by default. */
  readonly inFlight?: number
}

/** What the realm's tokens say of where they come from. */
export function issuerOf({ url, realm }: Pick<KeycloakSettings, 'url' | 'realm'>): string {
  return `${url.replace(/\/+$/, '')}/realms/${encodeURIComponent(realm)}`
}
