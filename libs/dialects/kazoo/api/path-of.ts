import type { DialectRequest } from '#rest'

/** As the router reads it: whatever is encoded without need is decoded. */
export function pathOf({ originalUrl }: Pick<DialectRequest, 'originalUrl'>): string {
  const path = originalUrl.split(/[?#]/, 1)[0] ?? ''
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
