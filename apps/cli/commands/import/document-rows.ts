import { isUtf8 } from 'node:buffer'
import { isPlainObject, jsonIn } from '#kernel'
import { splitLines } from '#infrastructure/row-files/reading'
import type { FileRow } from './file-row.ts'
import type { ImportFile } from './import-file.ts'
import { toldUsername } from './told-username.ts'

type Document = Readonly<Record<string, unknown>>

/** The rows of an NDJSON file. Where documents of another platform have their username, only the service knows. */
export async function* documentRows(
  content: AsyncIterable<Uint8Array>,
  { holds }: Pick<ImportFile, 'holds'>,
): AsyncGenerator<FileRow> {
  for await (const { number: line, bytes } of splitLines(content)) {
    const document = documentIn(bytes)
    yield {
      line,
      isOf: (username) => holds === 'documents' || username === toldUsername(document && usernameIn(document)),
      lineFor: (reason) => (document && lineOf({ ...document, reason, line })) ?? asItIs(bytes),
    }
  }
}

function documentIn(bytes: Buffer): Document | undefined {
  const document = isUtf8(bytes) ? jsonIn(bytes.toString()) : undefined
  return isPlainObject(document) ? document : undefined
}

/** Some wrap a user as the API's body does. */
function usernameIn({ user, ...document }: Document): unknown {
  const others = Object.keys(document).filter((key) => key !== 'reason' && key !== 'line')
  return isPlainObject(user) && others.length === 0 ? user['username'] : document['username']
}

/** Nothing where it's so deep that it can be read and not be written. */
function lineOf(document: Document): string | undefined {
  try {
    return `${JSON.stringify(document)}\n`
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function asItIs(bytes: Buffer): Uint8Array {
  return bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')])
}
