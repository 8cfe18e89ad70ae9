/** Longer than an import is ever silent: a replica that hasn't renewed it for so long works on it no more. */
export class ImportLease {
  readonly seconds: number

  constructor(seconds = 20) {
    this.seconds = seconds
  }
}
