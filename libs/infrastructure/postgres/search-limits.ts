/** What searches may take of a replica: connections are few, and everything else needs them, too. */
export class SearchLimits {
  /** All the questions of one search together. */
  readonly milliseconds: number
  /** So many searches at once. */
  readonly atOnce: number
  /** So long one waits for its turn. */
  readonly longestWaitMs: number
  /** So many users are all found and then sorted, if Postgres doesn't expect more. */
  readonly mostSorted: number

  constructor(given: Partial<SearchLimits> = {}) {
    this.milliseconds = given.milliseconds ?? 3000
    this.atOnce = given.atOnce ?? 3
    this.longestWaitMs = given.longestWaitMs ?? 2000
    this.mostSorted = given.mostSorted ?? 100_000
  }
}
