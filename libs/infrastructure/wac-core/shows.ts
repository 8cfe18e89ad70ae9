import { isDeepStrictEqual } from 'node:util'

/** Whether a document has all fields of what was sent, and none of those that were sent as undefined. */
export function shows(document: Readonly<Record<string, unknown>> | undefined, sent: object): boolean {
  if (document === undefined) return false
  return Object.entries(sent).every(([key, value]: [string, unknown]) =>
    value === undefined ? (document[key] ?? undefined) === undefined : isDeepStrictEqual(document[key], value),
  )
}
