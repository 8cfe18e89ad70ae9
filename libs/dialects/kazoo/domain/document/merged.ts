import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'

/**
 * A document with a patch merged into it: `null` removes a key, objects merge key by key, and all else takes the place of what
 * was there; so does an empty object.
 */
export function merged(document: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(document).filter(([key]) => !Object.hasOwn(patch, key))
  const changed = Object.entries(patch).filter(([, value]) => value !== null)
  const own = new Map(Object.entries(document))
  const entries = changed.map(([key, value]) => [key, mergedValue(own.get(key), value)] as const)
  return Object.fromEntries<unknown>([...kept, ...entries])
}

function mergedValue(before: unknown, patch: unknown): unknown {
  if (!isPlainObject(patch) || Object.keys(patch).length === 0) return patch
  return merged(isPlainObject(before) ? before : {}, patch)
}
