import { ImportTotals } from './import-totals.ts'
import { type Progress, progressText } from './progress.ts'

const interval = 3000

/** A plain line every few seconds, for logs. */
export class ProgressLines implements Progress {
  private readonly stream: NodeJS.WritableStream
  private timer: NodeJS.Timeout | undefined
  private latest = progressText(new ImportTotals())
  private said = ''

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream
  }

  start(): void {
    this.timer = setInterval(() => this.write(this.latest), interval)
  }

  update(totals: ImportTotals): void {
    this.latest = progressText(totals)
    this.said = ''
  }

  /** Once, though every row that waits says it. */
  say(sentence: string): void {
    if (sentence !== this.said) this.write(sentence)
    this.said = sentence
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private write(line: string): void {
    this.stream.write(`${line}\n`)
  }
}
