import { type Options, type Params, SingleBar } from 'cli-progress'
import type { Progress, ProgressState } from './progress.ts'

const barSize = 20

/** One line of a terminal that is drawn anew, and gone in the end. Without a total there's no bar in it. */
export class ProgressBar implements Progress {
  private readonly bar: SingleBar

  constructor(stream: NodeJS.WritableStream) {
    this.bar = new SingleBar({
      stream,
      format: drawn,
      clearOnComplete: true,
      // cuts what is too long, and leaves the terminal's settings alone
      linewrap: true,
      // a signal doesn't end the bar: it is to say what comes of it
      gracefulExit: false,
    })
  }

  start({ text, done, total }: ProgressState): void {
    this.bar.start(total ?? 0, done ?? 0, { text, total })
  }

  update({ text, done, total }: ProgressState): void {
    this.bar.setTotal(total ?? 0)
    this.bar.update(done ?? 0, { text, total })
  }

  say(sentence: string): void {
    this.bar.update({ text: sentence })
  }

  stop(): void {
    this.bar.stop()
  }
}

function drawn(_options: Options, { progress }: Params, { text, total }: ProgressState): string {
  if (total === undefined) return text
  const bar = '='.repeat(Math.round(progress * barSize)).padEnd(barSize, '-')
  return `[${bar}] ${Math.floor(progress * 100)}%  ${text}`
}
