import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import { wrongType } from '../problems/found-problems.ts'
import { InvalidDocument, mustHaveNone } from '../problems/invalid-document.ts'
import { publicDocument } from './public-document.ts'
import { shapeProblems } from './shape-problems.ts'

/** The document that a request's `data` is, as far as clients may say it. */
export function readDocument(data: unknown): JsonObject {
  if (!isPlainObject(data)) throw new InvalidDocument([wrongType(['data'], ['object'])])
  mustHaveNone(shapeProblems(data))
  return publicDocument(data)
}
