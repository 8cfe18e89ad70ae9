/** The query of a request, as it came. */
export function queryIn({ originalUrl }: { readonly originalUrl: string }): URLSearchParams {
  return new URLSearchParams(originalUrl.split('?')[1] ?? '')
}
