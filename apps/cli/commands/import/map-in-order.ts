import { Readable } from 'node:stream'

/** Works on several items at a time, and gives the results in the order of the items. Neither runs ahead of the reader. */
export function mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atATime: number,
  work: (item: Item) => Promise<Result>,
): AsyncIterable<Result> {
  return Readable.from(items).map(work, { concurrency: atATime })
}
