import pLimit, { type LimitFunction } from 'p-limit'

/**
 * Room for so many calls of one system at once. Whoever finds none in time learns it, instead of waiting behind a system
 * that hangs; nothing was sent then.
 */
export class Places {
  private readonly inTurn: LimitFunction
  private readonly longestWaitMs: number

  constructor(places: number, longestWaitMs: number) {
    this.inTurn = pLimit(places)
    this.longestWaitMs = longestWaitMs
  }

  /** `crowded` says what is thrown where no place was free in time. */
  take<Result>(work: () => Promise<Result>, crowded: () => Error): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(crowded()), this.longestWaitMs)
    let isLate = false
    late.catch(() => (isLate = true))
    const turn = this.inTurn(async () => {
      clearTimeout(timer)
      // nobody waits for it any more
      return isLate ? await late : await work()
    })
    return Promise.race([turn, late])
  }
}
