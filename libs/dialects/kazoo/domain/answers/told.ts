import type { ListedPage } from './envelope.ts'

/** What is told in the envelope, and with it. It's plain JSON: an answer may be given once more. */
export interface Told {
  readonly data: unknown
  /** Of what is told: its `ETag`. */
  readonly revision?: string
  /** Of the user whom it's about: in the envelope, and no `ETag` of the answer. */
  readonly revisionOfUser?: string
  readonly page?: ListedPage
  /** Below the dialect's own path: `accounts/…`. */
  readonly location?: string
  /** A token that the client gets, in the place of the one that it came with. */
  readonly authToken?: string
  /** For the audit trail alone. */
  readonly audited?: { readonly dialled: string }
}
