import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'

/** The same with keys in alphabetical order at every depth, as Kazoo prints them: so equal documents have equal texts. */
export function sorted(document: JsonObject): JsonObject {
  const entries = Object.entries(document).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, value]) => [key, sortedValue(value)]))
}

function sortedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedValue)
  return isPlainObject(value) ? sorted(value) : value
}
