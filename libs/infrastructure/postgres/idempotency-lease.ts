/** Renewed while the request runs: a replica that hasn't done so for as long is taken for dead. */
export class IdempotencyLease {
  readonly seconds: number

  constructor(seconds = 15) {
    this.seconds = seconds
  }
}
