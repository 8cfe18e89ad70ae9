/** What a reconciliation is to look at, and what it may do about the differences that it finds. */
export interface ReconciliationWish {
  /** A domain's name; otherwise everything. */
  readonly domain: string | undefined
  readonly apply: boolean
  readonly adopt: boolean
  readonly delete: boolean
  /** Also where one system lacks very many users. */
  readonly force?: true
}
