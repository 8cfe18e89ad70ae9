export interface ReconciliationTimes {
  /** How often a replica that works on one says so: several times within a lease. */
  readonly renewSeconds: number
  /** How long it rests where a system is away. */
  readonly restSeconds: number
  /** After so many tries without getting on, it has failed: longer than a system that is away needs to come back. */
  readonly mostTries: number
}

const usual: ReconciliationTimes = { renewSeconds: 10, restSeconds: 10, mostTries: 30 }

/** How patient a reconciliation is. */
export class ReconciliationPace implements ReconciliationTimes {
  readonly renewSeconds: number
  readonly restSeconds: number
  readonly mostTries: number

  constructor({ renewSeconds, restSeconds, mostTries }: Partial<ReconciliationTimes> = {}) {
    this.renewSeconds = renewSeconds ?? usual.renewSeconds
    this.restSeconds = restSeconds ?? usual.restSeconds
    this.mostTries = mostTries ?? usual.mostTries
  }
}
