import { isUtf8 } from 'node:buffer'
import { jsonIn } from '#kernel'
import type { FileLine } from './file-line.ts'

/** A line of an NDJSON file. */
export interface JsonDocument {
  readonly line: number
  readonly nextLine: number
  /** How many bytes of the file lie before it, and how many have been read when it has. */
  readonly start: number
  readonly end: number
  readonly value: unknown
  /** Why there is no value. */
  readonly problem?: string
}

/** The documents of an NDJSON file, each on a line of its own. Blank lines are none. */
export async function* readDocuments(lines: AsyncIterable<FileLine>): AsyncGenerator<JsonDocument> {
  for await (const { number, start, end, bytes } of lines) {
    const read = documentIn(bytes)
    if (read !== undefined) yield { line: number, nextLine: number + 1, start, end, ...read }
  }
}

function documentIn(bytes: Uint8Array): Pick<JsonDocument, 'value' | 'problem'> | undefined {
  if (!isUtf8(bytes)) return { value: undefined, problem: 'The row holds bytes that are not UTF-8.' }
  const text = Buffer.from(bytes).toString()
  if (text.trim() === '') return undefined
  const value = jsonIn(text)
  return value === undefined ? { value, problem: 'The row is not JSON.' } : { value }
}
