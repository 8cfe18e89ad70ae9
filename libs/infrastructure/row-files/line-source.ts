import type { FileLine } from './file-line.ts'

/** Gives lines, also those that were taken back. */
export class LineSource {
  private readonly lines: AsyncIterator<FileLine>
  private readonly returned: FileLine[] = []

  constructor(lines: AsyncIterable<FileLine>) {
    this.lines = lines[Symbol.asyncIterator]()
  }

  async take(): Promise<FileLine | undefined> {
    const returned = this.returned.shift()
    if (returned !== undefined) return returned
    const result = await this.lines.next()
    return result.done === true ? undefined : result.value
  }

  takeBack(lines: readonly FileLine[]): void {
    this.returned.unshift(...lines)
  }
}
