import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/** What was said to be gzip isn't, or not to its end. */
export class NotGzip extends Error {
  constructor(cause: unknown) {
    super('the content is not gzip, or is cut', { cause })
    this.name = 'NotGzip'
  }
}

/** What was packed with gzip, a piece at a time; no more is unpacked than is asked for. */
export async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: false })
  const unzip = createGunzip()
  const flowing = pipeline(source, unzip)
  // whoever reads hears of it
  flowing.catch(() => undefined)
  try {
    yield* unzip
    await flowing
  } catch (error) {
    throw isAboutGzip(error) ? new NotGzip(error) : error
  } finally {
    unzip.destroy()
    source.destroy()
  }
}

function isAboutGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}
