import { isKitterKey } from '../document/user-document.ts'
import type { JsonObject } from '../json-object.ts'
import { featurePaths, featuresOf } from './features.ts'

const shown: readonly string[] = [
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

const ofExtension = shown.filter((key) => !isKitterKey(key) && key !== 'id' && key !== 'features')

/** What of an extension its user's row is made of: nothing else need be read. */
export const listedPaths: readonly (readonly string[])[] = [...ofExtension.map((key) => [key]), ...featurePaths]

/** The row of a list that stands for a user's document. */
export function summaryOf(document: JsonObject): JsonObject {
  const row: JsonObject = { ...document, features: featuresOf(document) }
  return Object.fromEntries(shown.filter((key) => row[key] !== undefined).map((key) => [key, row[key]]))
}
