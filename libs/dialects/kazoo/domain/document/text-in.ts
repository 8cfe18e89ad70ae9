import type { JsonObject } from '../json-object.ts'

/** The text under a key, if there is one. */
export function textIn(document: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(document, key) ? document[key] : undefined
  return typeof value === 'string' ? value : undefined
}
