interface Waiter<Item> {
  readonly item: Item
  readonly since: number
  readonly timer: NodeJS.Timeout
}

/** Whoever waits in it for too long is gone from it, and told so. */
export class WaitingLine<Item> {
  private readonly waiters = new Set<Waiter<Item>>()

  get size(): number {
    return this.waiters.size
  }

  /** How long its front has been waiting. */
  get longestMs(): number {
    const [front] = this.waiters
    return front === undefined ? 0 : performance.now() - front.since
  }

  /** At its end. */
  add(item: Item, longestMs: number, onLate: () => void): void {
    const timer = setTimeout(() => {
      this.waiters.delete(waiter)
      onLate()
    }, longestMs)
    const waiter = { item, since: performance.now(), timer }
    this.waiters.add(waiter)
  }

  /** As many as there are from its front. */
  take(most: number): readonly Item[] {
    const taken = [...this.waiters].slice(0, most)
    for (const waiter of taken) {
      this.waiters.delete(waiter)
      clearTimeout(waiter.timer)
    }
    return taken.map(({ item }) => item)
  }
}
