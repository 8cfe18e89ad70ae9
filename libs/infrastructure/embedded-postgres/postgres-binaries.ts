/** The programs of the embedded Postgres, ready to run. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** Such as `18`: what `PG_VERSION` says of a cluster that they can open. */
  readonly major: string
}
