export interface ServiceAwayDetails {
  /** Something answered, so there is a service that may get well again. */
  readonly answered?: boolean
  /** After how many seconds the service wants to be asked again. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/** The service can't be reached, or can't work now: the same request may succeed later. */
export class ServiceAway extends Error {
  /** What it does, to stand after "The service at … ": "refuses connections". */
  readonly doing: string
  readonly answered: boolean
  readonly retryAfter: number | undefined

  constructor(doing: string, { answered = false, retryAfter, cause }: ServiceAwayDetails = {}) {
    super(`The service ${doing}.`, { cause })
    this.name = 'ServiceAway'
    this.doing = doing
    this.answered = answered
    this.retryAfter = retryAfter
  }
}
