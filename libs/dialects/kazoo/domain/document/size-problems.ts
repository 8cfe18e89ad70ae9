import type { JsonObject } from '../json-object.ts'
import { summaryOf } from '../listing/summary.ts'
import type { FoundProblem } from '../problems/problem.ts'

const kibibyte = 1024

/** Kazoo's own have some four thousand bytes. They grow by patches, and somewhere it must end. */
export const largestDocument = 128 * kibibyte

/** Pages have up to a thousand rows. */
export const largestRow = 8 * kibibyte

/** Where a document has more bytes, as JSON, than kitter keeps, or than the row of a list may have. */
export function sizeProblems(document: JsonObject): readonly FoundProblem[] {
  if (bytesOf(document) > largestDocument) return [tooLarge('Document', largestDocument)]
  if (bytesOf(summaryOf(document)) <= largestRow) return []
  return [tooLarge('What lists show of a document (call_recording, flags and short texts)', largestRow)]
}

function bytesOf(json: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(json))
}

function tooLarge(what: string, target: number): FoundProblem {
  return {
    path: ['data'],
    code: 'maxSize',
    problem: { message: `${what} must not be more than ${target} bytes`, target },
  }
}
