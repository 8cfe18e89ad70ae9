import { CannotRun } from '../cannot-run.ts'
import type { CsvLine } from './csv-line.ts'

const longest = 1024 * 1024
const lineFeed = 0x0a
const byteOrderMark = Buffer.from('\ufeff')

/** The lines of a file, a piece of it at a time; a byte order mark is left out. `file` is its name. */
export async function* splitLines(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  let number = 1
  let read = 0
  let rest: Buffer = Buffer.alloc(0)
  const line = (bytes: Buffer): CsvLine => ({
    bytes: number === 1 ? withoutMark(bytes) : bytes,
    number: number++,
    end: (read += bytes.length),
  })
  for await (const chunk of chunks) {
    const data = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = data.indexOf(lineFeed); end !== -1; end = data.indexOf(lineFeed, start)) {
      yield line(data.subarray(start, end + 1))
      start = end + 1
    }
    rest = data.subarray(start)
    if (rest.length > longest)
      throw new CannotRun(`${file}, line ${number}: the line is longer than 1 MiB, so this can't be a CSV file.`)
  }
  if (rest.length > 0) yield line(rest)
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? bytes.subarray(byteOrderMark.length) : bytes
}
