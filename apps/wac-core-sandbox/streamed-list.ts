import { Readable } from 'node:stream'
import { StreamableFile } from '@nestjs/common'

/** One bare JSON array of however many documents, of which only some are held at a time. */
export async function streamedList(pages: AsyncGenerator<readonly object[]>): Promise<StreamableFile> {
  // what can't be read at all is still answered with an error
  const first = await pages.next()
  const text = Readable.from(textOf(first.done === true ? [] : first.value, pages), { objectMode: false })
  return new StreamableFile(text, { type: 'application/json; charset=utf-8' })
}

async function* textOf(first: readonly object[], others: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  yield `[${joined(first)}`
  for await (const page of others) yield `,${joined(page)}`
  yield ']'
}

function joined(page: readonly object[]): string {
  return page.map((document) => JSON.stringify(document)).join()
}
