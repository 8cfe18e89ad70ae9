import { DocumentSplitter } from './document-splitter.ts'

/** JSON documents, one after another in whatever lines or in a list, as NDJSON. */
export async function* documentLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const splitter = new DocumentSplitter()
  for await (const chunk of chunks) {
    const lines = splitter.add(Buffer.from(chunk))
    if (lines.length > 0) yield lines
  }
  splitter.end()
}
