import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type { Changes } from './changes.ts'

/** What every part of bootstrap works with. */
export interface RealmWork {
  /** Acts in the realm. */
  readonly keycloak: KeycloakAdminClient
  readonly changes: Changes
  /** Not in a dry run over a realm that isn't there yet: then there's nothing to read. */
  readonly exists: boolean
  readonly clientId: string
  /** What it shall be; without one it stays, or Keycloak makes one. */
  readonly clientSecret: string | undefined
  readonly audience: string
}
