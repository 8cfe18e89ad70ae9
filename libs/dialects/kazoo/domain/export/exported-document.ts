import { isPlainObject } from '#kernel'
import { textIn } from '../document/text-in.ts'
import type { JsonObject } from '../json-object.ts'

/** The user's document that a row of an export holds, or a sentence that says what it holds instead. */
export type ExportedDocument = { readonly document: JsonObject } | { readonly instead: string }

const fetchEach = "Fetch each user's own document, at …/users/{id}."

/** What a row of a list has, of any version of Kazoo. Documents have more, and no `features`. */
const summarized = new Set([
  ...['call_recording', 'email', 'feature_level', 'features', 'first_name', 'flags', 'id', 'last_name'],
  ...['presence_id', 'priv_level', 'service', 'timezone', 'username'],
])

/** Answers are taken as they came, and documents without the envelope. */
export function exportedDocument(row: JsonObject): ExportedDocument {
  if (isFailure(row)) return { instead: `The row is a failure that Kazoo told, and no user: ${failureIn(row)}.` }
  const document = isEnvelope(row) ? row['data'] : row
  if (Array.isArray(document))
    return { instead: `The row is a list of users, which isn't all that Kazoo knows of them. ${fetchEach}` }
  if (!isPlainObject(document)) return { instead: 'The row has no document of a user.' }
  if (isSummary(document))
    return { instead: `The row is a summary out of a list, and not all that Kazoo knows of the user. ${fetchEach}` }
  return { document }
}

function isFailure(row: JsonObject): boolean {
  return row['status'] === 'error' || row['status'] === 'fatal'
}

function failureIn(row: JsonObject): string {
  return [textIn(row, 'error'), textIn(row, 'message')].filter((text) => text !== undefined).join(' ')
}

/** Documents may have a key `data` of their own, and envelopes have no names. */
function isEnvelope(row: JsonObject): boolean {
  return Object.hasOwn(row, 'data') && !Object.hasOwn(row, 'first_name') && !Object.hasOwn(row, 'last_name')
}

function isSummary(document: JsonObject): boolean {
  return Array.isArray(document['features']) && Object.keys(document).every((key) => summarized.has(key))
}
