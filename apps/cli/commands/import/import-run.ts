import { CannotRun } from '../../cannot-run.ts'
import { ExitCode } from '../../exit-code.ts'
import { Interruption, whileInterruptible } from '../../interruption.ts'
import type { Progress } from '../../output/progress.ts'
import { PatientClient } from '../../service/patient-client.ts'
import { reachService } from '../../service/reach-service.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { ServiceClient } from '../../service/service-client.ts'
import { DomainCreator } from './domain-creator.ts'
import { importProgress } from './import-progress.ts'
import { importSummary } from './import-summary.ts'
import { ImportTotals } from './import-totals.ts'
import type { Input } from './input.ts'
import { type PeopleFile, readPeople } from './people-file.ts'
import { provisionRows } from './provision-rows.ts'
import { Provisioner } from './provisioner.ts'
import { RefusedFile } from './refused-file.ts'

export interface ImportTask {
  readonly input: Input
  readonly access: ServiceAccess
  readonly progress: Progress
  readonly createDomains: boolean
  /** For how long a service that goes away is waited for, in seconds. */
  readonly patience: number
}

/** One import, from the names of the columns to the summary. */
export class ImportRun {
  private readonly task: ImportTask
  private readonly stop = new AbortController()
  private readonly totals = new ImportTotals()
  private readonly client: ServiceClient
  private readonly service: PatientClient
  private readonly domains: DomainCreator

  constructor(task: ImportTask) {
    const onWaiting = (doing: string): void => task.progress.say(`Waiting: the service ${doing}.`)
    this.task = task
    this.client = new ServiceClient(task.access)
    this.service = new PatientClient(this.client, { seconds: task.patience, signal: this.stop.signal, onWaiting })
    this.domains = new DomainCreator(this.service)
  }

  async run(): Promise<ExitCode> {
    const { input, access, progress } = this.task
    const people = await readPeople(input.name, input.chunks)
    progress.start(importProgress(this.totals, 0, input.size))
    await reachService(this.client, this.service, access)
    await whileInterruptible(
      () => this.provision(people),
      (interruption) => this.interrupt(interruption),
    )
    progress.stop()
    console.log(this.summary())
    return this.exitCode()
  }

  private async provision({ rows, columns }: PeopleFile): Promise<void> {
    const { input, progress, createDomains } = this.task
    this.stop.signal.addEventListener('abort', () => input.close())
    const provisioner = new Provisioner(this.service, createDomains ? this.domains : undefined)
    const refusedFile = new RefusedFile(input.refusedPath, columns)
    const { totals, stop } = this
    await provisionRows({ rows, size: input.size, provisioner, totals, refusedFile, progress, stop })
    await refusedFile.close().catch((error: unknown) => this.stop.abort(error))
  }

  private interrupt(interruption: Interruption): void {
    this.task.progress.say('Ending rows under way. Ctrl-C again ends at once.')
    this.stop.abort(interruption)
  }

  private summary(): string {
    const { input, access, createDomains } = this.task
    return importSummary({
      file: input.name,
      url: access.url,
      totals: this.totals,
      domainsCreated: this.domains.created,
      refusedFile: input.refusedPath,
      createDomains,
    })
  }

  private exitCode(): ExitCode {
    const reason: unknown = this.stop.signal.reason
    if (!this.stop.signal.aborted) return this.totals.refused > 0 ? ExitCode.someRefused : ExitCode.done
    if (reason instanceof Interruption) return reason.exitCode
    if (!(reason instanceof CannotRun)) throw reason
    const sentence = reason.message.replace(/\.$/, '')
    throw new CannotRun(`${sentence}; the import ended early, and running it again is safe.`, { cause: reason })
  }
}
