import type { JsonObject } from '../json-object.ts'
import type { ListedPage } from './envelope.ts'
import { GrowingRevision } from './growing-revision.ts'

/** What tells two states of a document apart: equal ones have the same, whichever API changed them. */
export function revisionOf(document: JsonObject): string {
  return new GrowingRevision().add([document]).text()
}

/** The same for a list, of its rows and of where it goes on: whoever comes behind a last page makes it another one. */
export function listRevisionOf(rows: readonly JsonObject[], page?: ListedPage): string {
  return listRevision(page).add(rows).text()
}

/** The same for a list whose rows are still to come. */
export function listRevision(page?: ListedPage): GrowingRevision {
  return new GrowingRevision().add([{ ...page }])
}
