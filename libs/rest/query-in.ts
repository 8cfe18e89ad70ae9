/** The query of a request, as it came. */
export function queryIn({ originalUrl }: { readonly originalUrl: string }): URLSearchParams {
  const [, ...query] = originalUrl.split('?')
  return new URLSearchParams(query.join('?'))
}
