import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'

export interface KeycloakExamination {
  /** Keycloak's, with its path where it has one. */
  readonly url: string
  readonly realm: string
  readonly clientId: string
  readonly clientSecret: string
  /** What kitter expects tokens to come from, and to be meant for. */
  readonly issuer: string
  readonly audience: string
}

/** What each part of the examination works with. */
export interface ExaminedRealm extends KeycloakExamination {
  /** Acts as kitter's service account. */
  readonly keycloak: KeycloakAdminClient
  /** The command that makes the realm fit. */
  readonly bootstrap: string
}
