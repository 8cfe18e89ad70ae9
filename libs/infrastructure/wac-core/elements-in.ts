import type { Readable } from 'node:stream'
import { ListReader } from './list-reader.ts'

export interface ListPace {
  /** About so many elements at a time. */
  readonly atATime: number
  /** How long nothing may come while something is waited for. Whoever takes the elements may take their time. */
  readonly silenceMs: number
  /** What is thrown then. */
  readonly silent: () => Error
}

/** The elements of a JSON array, as they come. Throws where it isn't whole; whoever stops early ends the connection. */
export async function* elementsIn(body: Readable, pace: ListPace): AsyncGenerator<readonly unknown[]> {
  const reader = new ListReader()
  let elements: unknown[] = []
  for await (const bit of bitsOf(body, pace)) {
    elements = [...elements, ...reader.take(bit)]
    if (elements.length < pace.atATime) continue
    yield elements
    elements = []
  }
  reader.end()
  if (elements.length > 0) yield elements
}

async function* bitsOf(body: Readable, { silenceMs, silent }: ListPace): AsyncGenerator<Uint8Array> {
  const bits: AsyncIterator<Uint8Array, undefined> = body.iterator()
  try {
    for (;;) {
      const timer = setTimeout(() => body.destroy(silent()), silenceMs)
      const next = await bits.next().finally(() => clearTimeout(timer))
      if (next.done === true) return
      yield next.value
    }
  } finally {
    body.destroy()
  }
}
