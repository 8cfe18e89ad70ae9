/**
 * Room for so much of one kind of work at once; who else comes waits, in the order in which they came. Whoever finds no place
 * in time learns it, instead of waiting behind work that hangs, and theirs isn't begun.
 */
export class Places {
  /** In the order in which they came. */
  private readonly waiting = new Set<() => void>()
  private readonly atOnce: number
  private readonly longestWaitMs: number
  private running = 0

  constructor(atOnce: number, longestWaitMs: number) {
    this.atOnce = atOnce
    this.longestWaitMs = longestWaitMs
  }

  get areFree(): boolean {
    return this.running === 0
  }

  /** `crowded` says what is thrown where it took too long. */
  async take<Result>(work: () => Promise<Result>, crowded: () => Error): Promise<Result> {
    if (this.running === this.atOnce) await this.turn(crowded)
    else this.running += 1
    try {
      return await work()
    } finally {
      this.leave()
    }
  }

  private turn(crowded: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.waiting.delete(begin)
        reject(crowded())
      }, this.longestWaitMs)
      this.waiting.add(begin)
    })
  }

  /** Whoever comes next takes the place over. */
  private leave(): void {
    const [next] = this.waiting
    if (next === undefined) this.running -= 1
    else {
      this.waiting.delete(next)
      next()
    }
  }
}
