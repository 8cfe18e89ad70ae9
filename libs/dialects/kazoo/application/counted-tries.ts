import type { Tries, TriesLimit } from './tries.ts'

/** What one request has counted: once for each limit, however often it's asked. */
export class CountedTries {
  private counted: readonly TriesLimit[] = []
  private readonly tries: Tries

  constructor(tries: Tries) {
    this.tries = tries
  }

  /** After how many seconds it's worth trying again, where it's one too many. */
  async count(limits: readonly TriesLimit[]): Promise<number | undefined> {
    const others = limits.filter(({ who }) => this.counted.every((limit) => limit.who !== who))
    const pause = await this.tries.begin(others)
    if (pause === undefined) this.counted = [...this.counted, ...others]
    return pause
  }

  takeBack(): Promise<void> {
    return this.tries.takeBack(this.counted)
  }
}
