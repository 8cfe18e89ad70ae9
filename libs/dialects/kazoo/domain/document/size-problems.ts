import type { JsonObject } from '../json-object.ts'
import { summaryOf } from '../listing/summary.ts'
import { tooManyBytes } from '../problems/found-problems.ts'
import type { FoundProblem } from '../problems/problem.ts'

const kibibyte = 1024

/** Kazoo's own have some four thousand bytes. They grow by patches, and somewhere it must end. */
const largestDocument = 128 * kibibyte

/** Pages have up to a thousand rows. */
const largestRow = 8 * kibibyte

/** Where a document has more bytes, as JSON, than kitter keeps, or than the row of a list may have. */
export function sizeProblems(document: JsonObject): readonly FoundProblem[] {
  if (bytesOf(document) > largestDocument) return [tooManyBytes(['data'], 'Document', largestDocument)]
  if (bytesOf(summaryOf(document)) <= largestRow) return []
  return [tooManyBytes(['data'], 'What lists show of a document (call_recording, flags and short texts)', largestRow)]
}

function bytesOf(json: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(json))
}
