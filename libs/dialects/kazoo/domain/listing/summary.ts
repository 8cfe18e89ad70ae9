import type { JsonObject } from '../json-object.ts'
import { featuresOf } from './features.ts'

const shown = [
  'call_recording',
  'email',
  'feature_level',
  'features',
  'first_name',
  'flags',
  'id',
  'last_name',
  'presence_id',
  'priv_level',
  'timezone',
  'username',
]

/** The row of a list that stands for a user's document. */
export function summaryOf(document: JsonObject): JsonObject {
  const row: JsonObject = { ...document, features: featuresOf(document) }
  return Object.fromEntries(shown.filter((key) => row[key] !== undefined).map((key) => [key, row[key]]))
}
