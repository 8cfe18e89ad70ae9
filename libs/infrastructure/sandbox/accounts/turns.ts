/** Lets a few do their work at once; whoever else comes waits, in order. */
export class Turns {
  private free: number
  private readonly waiting: (() => void)[] = []

  constructor(places: number) {
    this.free = places
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.come()
    try {
      return await work()
    } finally {
      this.leave()
    }
  }

  private come(): Promise<void> {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve))
    this.free--
    return Promise.resolve()
  }

  /** The place goes to the next one directly, so that nobody slips in between. */
  private leave(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.free++
    else next()
  }
}
