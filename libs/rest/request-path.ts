/** Without what a request to a proxy has before its path. */
const authority = /^https?:\/\/[^/?#]*/i

/** The path of a request as the router reads it: whatever is encoded without need is decoded, and a slash at the end is none. */
export function requestPath({ originalUrl }: { readonly originalUrl: string }): string {
  const path = originalUrl.replace(authority, '').split(/[?#]/, 1)[0] ?? ''
  const shorter = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  try {
    return decodeURI(shorter)
  } catch {
    return shorter
  }
}
