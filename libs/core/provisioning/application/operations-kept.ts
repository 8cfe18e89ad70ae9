/** How long operations that have ended stay in the journal. */
export class OperationsKept {
  readonly seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }
}
