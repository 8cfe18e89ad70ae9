import { createHash } from 'node:crypto'
import { sorted } from '../document/sorted.ts'
import type { JsonObject } from '../json-object.ts'

/** The revision of documents that come some at a time: a list of all of them may be long. */
export class GrowingRevision {
  private readonly hash = createHash('sha256')
  private size = 0

  add(documents: readonly JsonObject[]): this {
    for (const document of documents) {
      const line = `${JSON.stringify(sorted(document))}\n`
      this.size += Buffer.byteLength(line)
      this.hash.update(line)
    }
    return this
  }

  /** How much there is by now, as JSON. */
  get bytes(): number {
    return this.size
  }

  /** Once all are there. */
  text(): string {
    return `1-${this.hash.digest('hex').slice(0, 32)}`
  }
}
