import { createHash } from 'node:crypto'
import { sorted } from '../document/sorted.ts'
import type { JsonObject } from '../json-object.ts'
import type { ListedPage } from './envelope.ts'

/** What tells two states of a document apart: equal ones have the same, whichever API changed them. */
export function revisionOf(document: JsonObject): string {
  return digestOf([document])
}

/** The same for a list, of its rows and of where it goes on: whoever comes behind a last page makes it another one. */
export function listRevisionOf(rows: readonly JsonObject[], page?: ListedPage): string {
  return digestOf([{ ...page }, ...rows])
}

/** Piece by piece: lists may be long. */
function digestOf(documents: readonly JsonObject[]): string {
  const hash = createHash('sha256')
  for (const document of documents) hash.update(`${JSON.stringify(sorted(document))}\n`)
  return `1-${hash.digest('hex').slice(0, 32)}`
}
