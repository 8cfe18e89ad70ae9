const longest = 255

/** What the service tells of a username that stands in a row, whatever that is. */
export function toldUsername(username: unknown): string | undefined {
  if (typeof username !== 'string' || username === '') return undefined
  return username.slice(0, longest).toWellFormed().replaceAll('\0', '\ufffd')
}
