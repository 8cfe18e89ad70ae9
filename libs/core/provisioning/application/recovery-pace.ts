export interface Pace {
  /** How long after an effect was asked for it may still appear: longer than Keycloak's transactions may take. */
  readonly lateSeconds: number
  /** Before the second try; each further one waits twice as long, up to a minute. */
  readonly firstSeconds: number
  /** After so many, an operation is stuck. */
  readonly mostTries: number
}

/** Keycloak's transactions end after 300 seconds unless it's told otherwise. */
const usual: Pace = { lateSeconds: 330, firstSeconds: 1, mostTries: 20 }
const longestSeconds = 60

/** How patient recovery is. */
export class RecoveryPace {
  readonly lateSeconds: number
  readonly mostTries: number
  private readonly firstSeconds: number

  constructor({ lateSeconds, firstSeconds, mostTries }: Partial<Pace> = {}) {
    this.lateSeconds = lateSeconds ?? usual.lateSeconds
    this.firstSeconds = firstSeconds ?? usual.firstSeconds
    this.mostTries = mostTries ?? usual.mostTries
  }

  secondsAfter(tries: number): number {
    return Math.min(this.firstSeconds * 2 ** Math.min(tries - 1, 16), longestSeconds)
  }
}
