import type { Logger } from 'pino'

export interface HowToEnd {
  readonly exitCode: number
  /** Nobody waits for the readiness to be seen when there is none. */
  readonly signal?: NodeJS.Signals
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** npm passes on the Ctrl-C that the terminal has sent to kitter, too: such a pair is one. */
const pairMs = 500

/** Less than the 30 s after which Kubernetes kills, more than running requests get. */
const longestEndMs = 25_000

/**
 * Why this process ends: a signal, or something that breaks it. The first reason counts; a further signal means at once,
 * and so does taking too long.
 */
export class Ending {
  readonly begun: Promise<HowToEnd>
  private readonly begin: (how: HowToEnd) => void
  private beganAt: number | undefined

  constructor(
    private readonly logger: Logger,
    private readonly exit: (code: number) => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<HowToEnd>()
    this.begun = promise
    this.begin = resolve
  }

  /** Also for rejections that nobody handles, which Node raises as exceptions. */
  watch(events: NodeJS.EventEmitter): void {
    for (const signal of signals) events.on(signal, () => this.signalled(signal))
    events.on('uncaughtException', (error: unknown) => this.broken('kitter is broken', error))
  }

  broken(sentence: string, error?: unknown): void {
    if (this.beganAt === undefined) this.logger.fatal({ err: error }, sentence)
    else this.logger.error({ err: error }, sentence)
    this.start({ exitCode: 1 })
  }

  private signalled(signal: NodeJS.Signals): void {
    if (this.beganAt !== undefined && performance.now() - this.beganAt > pairMs) this.exit(1)
    this.start({ exitCode: 0, signal })
  }

  private start(how: HowToEnd): void {
    if (this.beganAt !== undefined) return
    this.beganAt = performance.now()
    this.begin(how)
    setTimeout(() => {
      this.logger.fatal(`kitter could not put everything away within ${longestEndMs / 1000} seconds`)
      this.exit(1)
    }, longestEndMs)
  }
}
