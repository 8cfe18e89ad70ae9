/** Lets work on different things run side by side, and work on the same thing one after the other. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>()

  async take<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(thing)
    const { promise: done, resolve: end } = Promise.withResolvers<undefined>()
    this.last.set(thing, done)
    try {
      await before
      return await work()
    } finally {
      end(undefined)
      if (this.last.get(thing) === done) this.last.delete(thing)
    }
  }
}
