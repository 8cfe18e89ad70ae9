import { CannotRun } from '../../cannot-run.ts'
import { ExitCode } from '../../exit-code.ts'
import { Interruption, whileInterruptible } from '../../interruption.ts'
import type { Progress } from '../../output/progress.ts'
import { PatientClient } from '../../service/patient-client.ts'
import { reachService } from '../../service/reach-service.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { ServiceClient } from '../../service/service-client.ts'
import { followCommand } from './follow-command.ts'
import { type Followed, followImport } from './follow-import.ts'
import type { ImportFile } from './import-file.ts'
import { type ImportReport, reportImport } from './import-report.ts'
import type { Import } from './import-shape.ts'
import type { ImportWish } from './import-wish.ts'
import { Imports } from './imports.ts'
import { RefusedFile } from './refused-file.ts'
import type { Source } from './source.ts'
import { startImport } from './start-import.ts'

export interface ImportTask {
  readonly access: ServiceAccess
  readonly progress: Progress
  readonly wish: ImportWish
  readonly source: Source | undefined
  /** Where the refused rows of the source are written. */
  readonly refusedPath: string
  /** One that was started before, instead of a new one. */
  readonly earlier: { readonly id: string; readonly isResumed: boolean } | undefined
  /** Whether nobody waits for its end. */
  readonly isDetached: boolean
  /** Whether there is a terminal to ask on. */
  readonly canAsk: boolean
  /** For how long a service that goes away is waited for, in seconds. */
  readonly patience: number
}

type File = ImportFile | undefined

/** One call of the command, with all that it tells. */
export class ImportRun {
  private readonly task: ImportTask
  private readonly client: ServiceClient

  constructor(task: ImportTask) {
    this.task = task
    this.client = new ServiceClient(task.access)
  }

  async run(): Promise<ExitCode> {
    const { access, source, earlier } = this.task
    await reachService(this.client, this.patientClient(), access)
    if (earlier !== undefined) return this.goOn(earlier)
    if (source === undefined) throw new CannotRun('There is no file to import.')
    return this.start(source)
  }

  private async start(source: Source): Promise<ExitCode> {
    const { access, wish, progress } = this.task
    const { begun, file, interruption, isUncertain } = await startImport({
      source,
      wish,
      progress,
      connect: this.connect,
    })
    try {
      if (begun === undefined) {
        const doubt = `The service at ${access.url} had not answered yet: it may be at work on the import, or not.`
        console.log(isUncertain ? doubt : 'The upload was ended. Nothing was imported.')
        return interruption?.exitCode ?? ExitCode.interrupted
      }
      if (interruption === undefined) return await this.follow(begun, file)
      const last = await this.connect().cancel(begun.id)
      return await this.report({ import: last, interruption, isDetached: false }, file)
    } finally {
      await file?.close()
    }
  }

  private async goOn({ id, isResumed }: { readonly id: string; readonly isResumed: boolean }): Promise<ExitCode> {
    const { source } = this.task
    const imports = this.connect()
    const begun = await (isResumed ? imports.resume(id) : imports.find(id))
    const file = await source?.load(() => undefined, new AbortController().signal)
    return this.follow(begun, file)
  }

  private async follow(begun: Import, file: File): Promise<ExitCode> {
    const { progress, canAsk, isDetached, earlier } = this.task
    if (isDetached) return this.detach(begun, ExitCode.done)
    const unasked = earlier === undefined ? 'cancel' : 'detach'
    const followed = await followImport(begun, { progress, connect: this.connect, canAsk, unasked }).catch(
      (error: unknown) => {
        throw error instanceof CannotRun && error.cause !== undefined ? this.goesOn(error, begun) : error
      },
    )
    return this.report(followed, file)
  }

  private async report({ import: last, interruption, isDetached }: Followed, file: File): Promise<ExitCode> {
    if (isDetached) return this.detach(last, interruption?.exitCode ?? ExitCode.interrupted)
    const stop = new AbortController()
    const report = this.reportOf(file, interruption !== undefined, stop.signal)
    try {
      const exitCode = await whileInterruptible(
        () => reportImport(last, report),
        (cause) => stop.abort(cause),
      )
      return interruption?.exitCode ?? exitCode
    } catch (error) {
      if (error instanceof Interruption) return this.tellLater(last, error.exitCode)
      throw error instanceof CannotRun && error.cause !== undefined ? this.toldLater(error, last) : error
    }
  }

  private reportOf(file: File, isOwnEnd: boolean, signal: AbortSignal): ImportReport {
    const { access, source, refusedPath, wish } = this.task
    const { columnNames } = wish
    const sent = file && { file, path: source?.path, refused: new RefusedFile(refusedPath) }
    return { access, imports: this.connect(signal), sent, columnNames, isOwnEnd, signal }
  }

  private detach(one: Import, exitCode: ExitCode): ExitCode {
    console.log(`The import goes on at the service. This shows how far it is:\n  ${this.command(one)}`)
    return exitCode
  }

  private tellLater(one: Import, exitCode: ExitCode): ExitCode {
    console.log(`This tells what came of the import:\n  ${this.command(one)}`)
    return exitCode
  }

  private goesOn(cause: CannotRun, one: Import): CannotRun {
    const hint = 'the import goes on at the service. This shows how far it is'
    return this.withCommand(cause, hint, one)
  }

  private toldLater(cause: CannotRun, one: Import): CannotRun {
    return this.withCommand(cause, 'when that is mended, this tells what came of the import', one)
  }

  private withCommand(cause: CannotRun, hint: string, one: Import): CannotRun {
    return new CannotRun(`${cause.message.replace(/\.$/, '')}; ${hint}:\n  ${this.command(one)}`, { cause })
  }

  private command({ id }: Import): string {
    const { access, source, wish } = this.task
    const file = { path: source?.path, holds: source?.holds, columnNames: wish.columnNames }
    return followCommand('--follow', { id, access, ...file })
  }

  private readonly connect = (signal?: AbortSignal): Imports => new Imports(this.patientClient(signal))

  private patientClient(signal?: AbortSignal): PatientClient {
    const { patience, progress } = this.task
    return new PatientClient(this.client, { seconds: patience, signal, say: (sentence) => progress.say(sentence) })
  }
}
