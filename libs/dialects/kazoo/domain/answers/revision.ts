import { createHash } from 'node:crypto'
import { sorted } from '../document/sorted.ts'
import type { JsonObject } from '../json-object.ts'

/** What tells two states of a document apart: equal ones have the same, whichever API changed them. */
export function revisionOf(document: JsonObject): string {
  return digestOf(JSON.stringify(sorted(document)))
}

/** The same for a list, of its rows. */
export function listRevisionOf(rows: readonly JsonObject[]): string {
  return digestOf(JSON.stringify(rows.map(sorted)))
}

function digestOf(text: string): string {
  return `1-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
