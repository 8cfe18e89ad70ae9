import type { Progress } from './progress.ts'

/** Only says what explains why it takes time, once. */
export class QuietProgress implements Progress {
  private readonly stream: NodeJS.WritableStream
  private said = ''

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream
  }

  start(): void {
    // nothing to draw
  }

  update(): void {
    this.said = ''
  }

  say(sentence: string): void {
    if (sentence !== this.said) this.stream.write(`${sentence}\n`)
    this.said = sentence
  }

  stop(): void {
    // nothing to leave
  }
}
