interface Waiter<Item> {
  readonly item: Item
  readonly timer: NodeJS.Timeout
}

/** Whoever waits in it for too long is gone from it, and told so. */
export class WaitingLine<Item> {
  private readonly waiters = new Set<Waiter<Item>>()

  /** At its end. */
  add(item: Item, longestMs: number, onLate: () => void): void {
    const timer = setTimeout(() => {
      this.waiters.delete(waiter)
      onLate()
    }, longestMs)
    const waiter = { item, timer }
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
