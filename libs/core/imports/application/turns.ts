/** Lets work that is about the same thing go on one by one, in the order in which it came. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>()

  async take<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const before = keys.flatMap((key) => this.last.get(key) ?? [])
    const turn = Promise.allSettled(before).then(work)
    for (const key of keys) this.last.set(key, turn)
    try {
      return await turn
    } finally {
      for (const key of keys) if (this.last.get(key) === turn) this.last.delete(key)
    }
  }
}
