/** What became of a row. */
export type RowOutcome =
  | { readonly kind: 'created' }
  | { readonly kind: 'already there' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Sent, but the import had to end before an answer came: it may have been created. */
  | { readonly kind: 'unanswered' }
  /** Not created, as the import had to end. */
  | { readonly kind: 'left out' }

export function refused(reason: string): RowOutcome {
  return { kind: 'refused', reason }
}
