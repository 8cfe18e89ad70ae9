import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'

/** What a request says beside the document: never kept, never shown. `credentials` is the hash of a password. */
const asides = new Set(['id', 'confirm_password', 'credentials', 'sync'])

/** Keys of the platform's own, at the top of a document: clients neither see nor set them. Below it they are like any other. */
function isPrivate(key: string): boolean {
  return key.startsWith('pvt_') || key.startsWith('_')
}

/** What a client may say of a document. */
export function publicDocument(document: JsonObject): JsonObject {
  const own = Object.entries(document).filter(([key]) => !isPrivate(key) && !asides.has(key))
  return Object.fromEntries(own.map(([key, value]) => [key, harmless(value)]))
}

/** Without keys named `__proto__`, at which code elsewhere may stumble; all others are just names. */
function harmless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(harmless)
  if (!isPlainObject(value)) return value
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__')
  return Object.fromEntries(entries.map(([key, below]) => [key, harmless(below)]))
}
