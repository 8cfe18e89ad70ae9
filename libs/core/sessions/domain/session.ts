/** Somebody's log-in at the identity provider. */
export interface Session {
  readonly id: string
  readonly userId: string
  /** Outlives the browser, until it's ended. */
  readonly offline: boolean
}
