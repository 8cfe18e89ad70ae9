import { canonicalJson, type FieldProblem } from '#kernel'

/** What only a dialect knows of a user: a JSON object, in the dialect's own words. */
export type ExtensionDocument = Readonly<Record<string, unknown>>

export interface UserExtension {
  /** The dialect's name, such as `kazoo`. */
  readonly dialect: string
  readonly document: ExtensionDocument
}

const deepest = 64
/** What Postgres keeps of no text: U+0000, and halves of surrogate pairs. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** What keeps a document from being stored. A dialect has its own rules, and says so before. */
export function checkExtension(document: ExtensionDocument): readonly FieldProblem[] {
  if (isDeeperThan(document, deepest)) return [{ path: 'extension', problem: 'is nested too deeply' }]
  if (!unstorable.test(JSON.stringify(document))) return []
  return [{ path: 'extension', problem: 'must not contain U+0000 or halves of surrogate pairs' }]
}

/** The keys at the top in which the two differ, by name: their values may be secrets. Postgres keeps the keys of objects in an order of its own. */
export function changedKeys(before: ExtensionDocument = {}, after: ExtensionDocument): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.filter((key) => canonicalJson(valueOf(before, key)) !== canonicalJson(valueOf(after, key))).toSorted()
}

/** Of the document's own keys: every object inherits a `constructor`. */
function valueOf(document: ExtensionDocument, key: string): unknown {
  return Object.hasOwn(document, key) ? document[key] : undefined
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1))
}
