import { isPlainObject } from '#kernel'

/** What stands at a path within a document: items of lists by their numbers, and of objects only keys of their own. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce(valueIn, document)
}

function valueIn(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return new Map<string, unknown>(Object.entries(container)).get(key)
  return isPlainObject(container) && Object.hasOwn(container, key) ? container[key] : undefined
}
