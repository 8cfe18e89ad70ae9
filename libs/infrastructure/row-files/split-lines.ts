import type { FileLine } from './file-line.ts'
import { LineTooLong } from './line-too-long.ts'

/** In bytes. */
export const longestLine = 1024 * 1024
const lineFeed = 0x0a
const byteOrderMark = Buffer.from('\ufeff')

/** Where reading begins: how many bytes lie before, and the number of the line there. */
export interface Beginning {
  readonly offset: number
  readonly line: number
}

export const top: Beginning = { offset: 0, line: 1 }

/** The lines of a file, a piece of it at a time; a byte order mark is left out. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, from = top): AsyncGenerator<FileLine> {
  let number = from.line
  let read = from.offset
  let rest: Buffer = Buffer.alloc(0)
  const line = (bytes: Buffer): FileLine => ({
    bytes: read === 0 ? withoutMark(bytes) : bytes,
    number: number++,
    start: read,
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
    if (rest.length > longestLine) throw new LineTooLong(number)
  }
  if (rest.length > 0) yield line(rest)
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? bytes.subarray(byteOrderMark.length) : bytes
}
