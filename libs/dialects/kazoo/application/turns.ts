interface Line {
  readonly waiting: (() => void)[]
  running: number
}

/** Lets so many of each name do their work at once; the others wait, in the order in which they came. */
export class Turns {
  private readonly lines = new Map<string, Line>()
  private readonly atOnce: number

  constructor(atOnce: number) {
    this.atOnce = atOnce
  }

  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.lines.get(name) ?? { waiting: [], running: 0 }
    this.lines.set(name, line)
    if (line.running === this.atOnce) await new Promise<void>((resolve) => line.waiting.push(resolve))
    else line.running += 1
    try {
      return await work()
    } finally {
      this.leave(name, line)
    }
  }

  /** Whoever comes next takes the place over. */
  private leave(name: string, line: Line): void {
    const next = line.waiting.shift()
    if (next === undefined) line.running -= 1
    else next()
    if (line.running === 0) this.lines.delete(name)
  }
}
