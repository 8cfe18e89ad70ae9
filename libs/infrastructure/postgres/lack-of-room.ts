/** SQLSTATEs: a disk that is full, and memory or another limit of the server that is used up. */
const states: ReadonlySet<unknown> = new Set(['53100', '53200', '53400'])

/** Whether the server refused a statement because it has no room for it, which passes. Nothing of it was done. */
export function isLackOfRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && states.has(error.code)
}
