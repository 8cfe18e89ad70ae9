/** Whom Postgres runs as, where that isn't kitter's own user. */
export interface PostgresAccount {
  readonly uid: number
  readonly gid: number
}
