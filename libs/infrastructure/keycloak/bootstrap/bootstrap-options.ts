export interface BootstrapOptions {
  /** Keycloak's, with its path where it has one. */
  readonly url: string
  readonly realm: string
  readonly adminUser: string
  readonly adminPassword: string
  /** Where the administrator lives; `master` unless it's given. */
  readonly adminRealm?: string
  /** The client whose service account kitter uses; `kitter` unless it's given. */
  readonly clientId?: string
  /** The secret that the client shall have; without one it keeps its own, and Keycloak makes a new client's. */
  readonly clientSecret?: string | undefined
  /** Whom tokens for kitter are meant for; `kitter` unless it's given. */
  readonly audience?: string
  /** Finds out what would be changed, and changes nothing. */
  readonly dryRun?: boolean
}

export interface BootstrapOutcome {
  /** What was changed, or would be, as in "create the realm quobis". Nothing for a realm that is fit. */
  readonly changes: readonly string[]
  /** What is no business of bootstrap, and yet should be known. */
  readonly warnings: readonly string[]
  readonly clientId: string
  /** Nothing in a dry run that would make the client. */
  readonly clientSecret: string | undefined
}
