/** The Postgres that kitter brings along, while it runs. */
export interface EmbeddedPostgres {
  /** Of the database `kitter`, with the password in it. */
  readonly url: string
  /** Settles only when Postgres ends without `stop`, with a sentence that says so. */
  readonly exited: Promise<string>
  /** Ends the sessions, stops Postgres and gives the data folder back. */
  stop(): Promise<void>
}
