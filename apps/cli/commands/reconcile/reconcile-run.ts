import { ExitCode } from '../../exit-code.ts'
import { askYesNo } from '../../input/ask-yes-no.ts'
import { counted } from '../../output/counted.ts'
import { progressOn } from '../../output/progress-on.ts'
import { PatientClient } from '../../service/patient-client.ts'
import { reachService } from '../../service/reach-service.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { ServiceClient } from '../../service/service-client.ts'
import { DifferenceTable } from './difference-table.ts'
import { DifferenceTally } from './difference-tally.ts'
import { isInOrder, problemOf, type Reconciliation } from './reconciliation.ts'
import { interruptedSummary, reconciliationSummary } from './reconciliation-summary.ts'
import type { ReconciliationWish } from './reconciliation-wish.ts'
import { Reconciliations } from './reconciliations.ts'
import { supervise } from './supervise.ts'

export interface ReconcileTask {
  readonly access: ServiceAccess
  readonly wish: ReconciliationWish
  /** Looks first, and asks whether to mend what was found. */
  readonly asks: boolean
  /** For how long a service that goes away is waited for, in seconds. */
  readonly patience: number
}

/** What was told of a reconciliation, as far as it matters for what comes next. */
interface Told {
  readonly exitCode: ExitCode
  readonly total: number
  /** How many of them can be mended as it is wished; none where it hasn't come to its end. */
  readonly mendable: number
}

type Say = (sentence: string) => void

/** One call of the command, with all that it tells. */
export class ReconcileRun {
  private readonly task: ReconcileTask
  private readonly client: ServiceClient

  constructor(task: ReconcileTask) {
    this.task = task
    this.client = new ServiceClient(task.access)
  }

  async run(): Promise<ExitCode> {
    const { access, wish, asks } = this.task
    await reachService(this.client, this.patientClient(console.error), access)
    return asks ? this.askAndMend() : (await this.reconcile(wish)).exitCode
  }

  private async askAndMend(): Promise<ExitCode> {
    const { wish } = this.task
    const { exitCode, total, mendable } = await this.reconcile({ ...wish, apply: false })
    if (mendable === 0) return exitCode
    const isWanted = await askYesNo(
      `Mend ${mendable < total ? `${mendable} of ` : ''}these ${counted(total, 'difference')}?`,
    )
    if (isWanted === undefined) return ExitCode.interrupted
    if (isWanted) return (await this.reconcile(wish)).exitCode
    console.log('Nothing was mended.')
    return exitCode
  }

  private async reconcile(wish: ReconciliationWish): Promise<Told> {
    const progress = progressOn(process.stderr)
    const connect = (signal: AbortSignal): Reconciliations =>
      new Reconciliations(this.patientClient((sentence) => progress.say(sentence), signal))
    const { reconciliation, interruption } = await supervise({ wish, progress, connect })
    if (interruption === undefined && reconciliation !== undefined) return this.tell(reconciliation)
    console.log(interruptedSummary(reconciliation, this.task.access.url))
    return { exitCode: interruption?.exitCode ?? ExitCode.interrupted, total: 0, mendable: 0 }
  }

  private async tell(reconciliation: Reconciliation): Promise<Told> {
    const { wish, access } = this.task
    const tally = await this.tellDifferences(reconciliation.id)
    console.log(reconciliationSummary(reconciliation, access.url))
    const hint = tally.hint(wish)
    if (hint !== undefined) console.log(hint)
    const problem = problemOf(reconciliation)
    if (problem !== undefined) console.error(`kitter: ${problem}`)
    const mendable = problem === undefined ? tally.mendableBy(wish) : 0
    return {
      exitCode: isInOrder(reconciliation) ? ExitCode.done : ExitCode.somethingWrong,
      total: tally.total,
      mendable,
    }
  }

  private async tellDifferences(id: string): Promise<DifferenceTally> {
    const tally = new DifferenceTally()
    const table = new DifferenceTable()
    for await (const differences of new Reconciliations(this.patientClient(console.error)).differences(id)) {
      console.log(table.text(differences))
      for (const difference of differences) tally.count(difference)
    }
    return tally
  }

  private patientClient(say: Say, signal?: AbortSignal): PatientClient {
    return new PatientClient(this.client, { seconds: this.task.patience, signal, say })
  }
}
