import type { Progress, ProgressState } from './progress.ts'

const interval = 3000

/** A plain line every few seconds, for logs. */
export class ProgressLines implements Progress {
  private readonly stream: NodeJS.WritableStream
  private timer: NodeJS.Timeout | undefined
  private latest = ''
  private said = ''

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream
  }

  start({ text }: ProgressState): void {
    this.latest = text
    this.timer = setInterval(() => this.write(this.latest), interval)
  }

  update({ text }: ProgressState): void {
    this.latest = text
    this.said = ''
  }

  /** Once, though everything that waits says it. */
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
