interface Line {
  /** In the order in which they came. */
  readonly waiting: Set<() => void>
  running: number
}

/**
 * Lets so many of each name do their work at once, so that nobody has the places of others; who else comes waits, in the
 * order in which they came. Whoever comes to no turn in time learns it, and their work isn't begun.
 */
export class PlacesOfEach {
  private readonly lines = new Map<string, Line>()
  private readonly atOnce: number
  private readonly longestWaitMs: number

  constructor(atOnce: number, longestWaitMs: number) {
    this.atOnce = atOnce
    this.longestWaitMs = longestWaitMs
  }

  /** `crowded` says what is thrown where it took too long. */
  async take<Result>(name: string, work: () => Promise<Result>, crowded: () => Error): Promise<Result> {
    const line = this.lines.get(name) ?? { waiting: new Set(), running: 0 }
    this.lines.set(name, line)
    if (line.running === this.atOnce) await this.turnIn(line, crowded)
    else line.running += 1
    try {
      return await work()
    } finally {
      this.leave(name, line)
    }
  }

  private turnIn({ waiting }: Line, crowded: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(begin)
        reject(crowded())
      }, this.longestWaitMs)
      waiting.add(begin)
    })
  }

  /** Whoever comes next takes the place over. */
  private leave(name: string, line: Line): void {
    const [next] = line.waiting
    if (next === undefined) line.running -= 1
    else {
      line.waiting.delete(next)
      next()
    }
    if (line.running === 0) this.lines.delete(name)
  }
}
