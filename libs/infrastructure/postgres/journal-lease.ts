/** Longer than any step takes: who hasn't written a word for so long carries nothing on any more. */
export class JournalLease {
  readonly seconds: number
  /** So many words that come at the same time are written in one go. */
  readonly together: number

  constructor(seconds = 60, together = 32) {
    this.seconds = seconds
    this.together = together
  }
}
