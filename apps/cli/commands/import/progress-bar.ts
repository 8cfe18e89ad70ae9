import { SingleBar } from 'cli-progress'
import { ImportTotals } from './import-totals.ts'
import { type Progress, progressText } from './progress.ts'

/** One line of a terminal that is drawn anew, and gone in the end. Without a size there's no bar in it. */
export class ProgressBar implements Progress {
  private readonly bar: SingleBar
  private readonly size: number

  constructor(stream: NodeJS.WritableStream, size: number | undefined) {
    this.size = size ?? 0
    this.bar = new SingleBar({
      stream,
      format: size === undefined ? '{text}' : '[{bar}] {percentage}%  {text}',
      barsize: 20,
      clearOnComplete: true,
      // cuts what is too long, and leaves the terminal's settings alone
      linewrap: true,
    })
  }

  start(): void {
    this.bar.start(this.size, 0, { text: progressText(new ImportTotals()) })
  }

  update(totals: ImportTotals, bytes: number): void {
    this.bar.update(bytes, { text: progressText(totals) })
  }

  say(sentence: string): void {
    this.bar.update({ text: sentence })
  }

  stop(): void {
    this.bar.stop()
  }
}
