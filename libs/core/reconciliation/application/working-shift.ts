import type { ToldDifference } from '../domain/difference.ts'
import type { Counts, Phase, Reconciliation } from '../domain/reconciliation.ts'
import type { ReconciliationPace } from './reconciliation-pace.ts'
import { type Reconciliations, ShiftOver, type Shift, type TakenReconciliation } from './reconciliations.ts'

const atOnce = 1000

/** The work of one replica on a reconciliation: renews its lease by itself, and notices when it's over. */
export class WorkingShift implements Shift, AsyncDisposable {
  readonly id: string
  readonly turn: number
  readonly reconciliation: Reconciliation
  private counted: Counts
  private current: Phase
  private over: ShiftOver | undefined
  private readonly renewing: NodeJS.Timeout
  private renewal: Promise<void> = Promise.resolve()

  constructor(
    private readonly reconciliations: Reconciliations,
    taken: TakenReconciliation,
    private readonly stopping: AbortSignal,
    { renewSeconds }: ReconciliationPace,
  ) {
    this.id = taken.id
    this.turn = taken.turn
    this.reconciliation = taken.reconciliation
    this.counted = taken.reconciliation.counts
    this.current = taken.reconciliation.phase
    this.renewing = setInterval(() => {
      this.renewal = this.renew()
    }, renewSeconds * 1000)
  }

  get phase(): Phase {
    return this.current
  }

  get counts(): Counts {
    return this.counted
  }

  get isStopping(): boolean {
    return this.stopping.aborted
  }

  enter(phase: Phase): Promise<void> {
    this.current = phase
    return this.count({})
  }

  /** Writes down how far it is. Throws when it's over, or the replica stops. */
  async count(counts: Partial<Counts>): Promise<void> {
    this.counted = { ...this.counted, ...counts }
    await this.reconciliations.note(this, this.current, this.counted)
    this.requireOn()
  }

  /** Throws when it's over, or the replica stops. */
  requireOn(): void {
    this.stopping.throwIfAborted()
    if (this.over !== undefined) throw this.over
  }

  tell(difference: ToldDifference): Promise<void> {
    return this.reconciliations.tell(this, difference)
  }

  told(about: ToldDifference['about'], subject: string): Promise<ToldDifference | undefined> {
    return this.reconciliations.told(this.id, about, subject)
  }

  /** What was found and not mended yet. */
  async found(about: ToldDifference['about']): Promise<readonly ToldDifference[]> {
    const found: ToldDifference[] = []
    for (let page = 0; ; page++) {
      const { differences } = await this.reconciliations.listDifferences(this.id, 'found', { max: atOnce, page })
      found.push(...differences.filter((difference) => difference.about === about))
      if (differences.length < atOnce) return found
    }
  }

  end(): Promise<void> {
    return this.reconciliations.end(this, 'done')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.renewing)
    await this.renewal
  }

  private async renew(): Promise<void> {
    try {
      await this.reconciliations.renew(this)
    } catch (error) {
      // anything else shows itself where the work is
      if (error instanceof ShiftOver) this.over = error
    }
  }
}
