import { DomainError } from '#kernel'
import { StatementError } from './statement-error.ts'

const inFlight = 2
/** A group that takes longer, as for a lock or a lost connection, keeps nobody waiting. */
const longMs = 50

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Asks Postgres in one go what is asked at the same time: whoever comes while two groups are on their way goes with the
 * next one, and nobody waits for others to come. Of a group that Postgres refuses nothing has been done, and each of it is
 * asked alone, so that it learns what it would have learned alone.
 */
export class GroupedCalls<Item, Outcome> {
  private readonly waiting: Waiting<Item, Outcome>[] = []
  private underWay = 0

  /** What came of each item, in their order. */
  constructor(
    private readonly ask: (items: readonly Item[]) => Promise<readonly Outcome[]>,
    private readonly most = 32,
  ) {}

  make(item: Item): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    this.waiting.push({ item, resolve, reject })
    // together with whoever else comes at this very moment
    queueMicrotask(() => this.askNext())
    return promise
  }

  private askNext(): void {
    if (this.underWay === inFlight || this.waiting.length === 0) return
    this.underWay++
    const leave = once(() => {
      this.underWay--
      this.askNext()
    })
    const late = setTimeout(leave, longMs)
    void this.settle(this.waiting.splice(0, this.most)).finally(() => {
      clearTimeout(late)
      leave()
    })
  }

  private async settle(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.ask(group.map(({ item }) => item))
      for (const [index, outcome] of outcomes.entries()) group[index]?.resolve(outcome)
    } catch (error) {
      if (group.length > 1 && isRefusal(error)) for (const alone of group) await this.settle([alone])
      else for (const { reject } of group) reject(error)
    }
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}

/** Postgres, or whoever wrote, has said no; otherwise nobody knows what became of it. */
function isRefusal(error: unknown): boolean {
  return !(error instanceof DomainError) || error.cause instanceof StatementError
}
