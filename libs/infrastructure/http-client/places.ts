import pLimit, { type LimitFunction } from 'p-limit'
import { systemUnavailable } from '#kernel'

/** Room for so many calls at once. Whoever finds none in time learns it, instead of waiting behind a Keycloak that hangs. */
export class Places {
  private readonly inTurn: LimitFunction
  private readonly longestWaitMs: number

  constructor(places: number, longestWaitMs: number) {
    this.inTurn = pLimit(places)
    this.longestWaitMs = longestWaitMs
  }

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => reject(systemUnavailable('Keycloak', new Error('no place was free'))),
      this.longestWaitMs,
    )
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
