/** Longer than a reconciliation is ever silent: a replica that hasn't renewed it for so long works on it no more. */
export class ReconciliationLease {
  readonly seconds: number

  constructor(seconds = 30) {
    this.seconds = seconds
  }
}
