import type { CsvLine } from './csv-line.ts'

/** Gives lines, also those that were taken back. */
export class LineSource {
  private readonly lines: AsyncIterator<CsvLine>
  private readonly returned: CsvLine[] = []

  constructor(lines: AsyncIterable<CsvLine>) {
    this.lines = lines[Symbol.asyncIterator]()
  }

  async take(): Promise<CsvLine | undefined> {
    const returned = this.returned.shift()
    if (returned !== undefined) return returned
    const result = await this.lines.next()
    return result.done === true ? undefined : result.value
  }

  takeBack(lines: readonly CsvLine[]): void {
    this.returned.unshift(...lines)
  }
}
