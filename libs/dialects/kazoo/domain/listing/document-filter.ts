/** One condition that rows of a list must meet, as SQL or anything else may ask it. Names and values are only that, whatever they say. */
export type DocumentFilter =
  /** What stands at the path is, as a text, one of these. */
  | { readonly kind: 'is'; readonly path: readonly string[]; readonly values: readonly string[] }
  /** It's none of these, or there is nothing. */
  | { readonly kind: 'is_not'; readonly path: readonly string[]; readonly values: readonly string[] }
  | { readonly kind: 'has_key'; readonly path: readonly string[] }
  | { readonly kind: 'key_missing'; readonly path: readonly string[] }
  /** The key is there, and neither empty nor `null`. */
  | { readonly kind: 'has_value'; readonly path: readonly string[] }
  | { readonly kind: 'missing_value'; readonly path: readonly string[] }
  /** Nothing can meet it: no document has what was asked for. */
  | { readonly kind: 'nothing' }
