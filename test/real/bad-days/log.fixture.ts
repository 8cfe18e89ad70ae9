import type { Logger } from 'pino'
import { createLogger } from '#infrastructure/http'

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string }

/** What an operator reads of kitter. */
export class Log {
  readonly logger: Logger
  private readonly texts: string[] = []

  constructor(level = 'info') {
    const destination = { write: (text: string) => void this.texts.push(text) }
    this.logger = createLogger({ level, readable: false }, destination)
  }

  get text(): string {
    return this.texts.join('')
  }

  get lines(): readonly LogLine[] {
    return this.texts.map((text) => JSON.parse(text) as LogLine)
  }

  /** What was written since the last time. */
  taken(): readonly LogLine[] {
    const lines = this.lines
    this.texts.length = 0
    return lines
  }

  saying(words: RegExp): readonly LogLine[] {
    return this.lines.filter(({ msg }) => words.test(msg))
  }
}
