const window = 10

/** How fast something grows, over the last seconds. */
export class Rate {
  private readonly now: () => number
  private seen: readonly { readonly at: number; readonly count: number }[] = []

  /** `now` in seconds. */
  constructor(now = () => performance.now() / 1000) {
    this.now = now
  }

  /** Each second; nothing as long as there is nothing to tell it from. */
  of(count: number): number | undefined {
    const at = this.now()
    this.seen = [...this.seen.filter((sample) => at - sample.at <= window), { at, count }]
    const [first] = this.seen
    if (first === undefined || at - first.at < 1 || count <= first.count) return undefined
    return (count - first.count) / (at - first.at)
  }
}
