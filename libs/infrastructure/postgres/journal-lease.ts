/** Longer than any step takes: who hasn't written a word for so long carries nothing on any more. */
export class JournalLease {
  readonly seconds: number

  constructor(seconds = 60) {
    this.seconds = seconds
  }
}
