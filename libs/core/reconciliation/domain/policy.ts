/** What a reconciliation may do about the differences that it finds. */
export interface Policy {
  /** Mends them; otherwise they're only told. */
  readonly apply: boolean
  /** Also makes users and domains kitter's own that it never made. */
  readonly adopt: boolean
  /** Also removes what is left of users and domains that somebody removed elsewhere. */
  readonly remove: boolean
  /** Mends also where far more users are missing in one system than anybody removes by hand. */
  readonly force: boolean
}
