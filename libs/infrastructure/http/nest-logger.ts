import type { LoggerService } from '@nestjs/common'
import type { Level, Logger } from 'pino'

/** Nest's log lines as pino's: `(message, context)` or `(fields, message, context)`. */
export class NestLogger implements LoggerService {
  private readonly logger: Logger

  constructor(logger: Logger) {
    this.logger = logger
  }

  /** What Nest says at start is of interest to those who debug kitter only. */
  log(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, rest)
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.write('error', message, rest)
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.write('warn', message, rest)
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, rest)
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.write('trace', message, rest)
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.write('fatal', message, rest)
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1)
    if (message instanceof Error) this.logger[level]({ context, err: message }, message.message)
    else if (typeof message === 'object' && message !== null) this.logger[level]({ context, ...message }, textOf(rest))
    else this.logger[level]({ context }, String(message))
  }
}

function textOf([text, context]: readonly unknown[]): string {
  return context === undefined ? '' : String(text)
}
