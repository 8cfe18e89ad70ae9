import { ExitCode } from '../../exit-code.ts'
import { type Interruption, whileInterruptible } from '../../interruption.ts'
import { counted } from '../../output/counted.ts'
import type { Progress, ProgressState } from '../../output/progress.ts'
import { Rate } from '../../output/rate.ts'
import { PatientClient } from '../../service/patient-client.ts'
import { reachService } from '../../service/reach-service.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { ServiceClient } from '../../service/service-client.ts'
import type { ExportTarget } from './export-target.ts'
import { ImportableLines } from './importable-lines.ts'
import { ReaderGone } from './standard-output.ts'
import type { UserLines } from './user-lines.ts'
import { userPages, type UserWish } from './user-pages.ts'

export interface ExportTask {
  readonly access: ServiceAccess
  readonly wish: UserWish
  readonly lines: UserLines
  readonly progress: Progress
  /** For how long a service that goes away is waited for, in seconds. */
  readonly patience: number
  readonly open: () => Promise<ExportTarget>
  /** For messages; nothing for the standard output, which says nothing else. */
  readonly name: string | undefined
}

/** One export, from the first user to the last. */
export class ExportRun {
  private readonly task: ExportTask
  private readonly stop = new AbortController()
  private readonly rate = new Rate()
  private interruption: Interruption | undefined

  constructor(task: ExportTask) {
    this.task = task
  }

  async run(): Promise<ExitCode> {
    const { progress } = this.task
    const interrupt = (cause: Interruption): void => {
      this.interruption = cause
      this.stop.abort(cause)
    }
    try {
      return await whileInterruptible(() => this.export(), interrupt)
    } catch (error) {
      if (this.interruption !== undefined) return this.interruption.exitCode
      if (error instanceof ReaderGone) return ExitCode.readerGone
      throw error
    } finally {
      progress.stop()
    }
  }

  private async export(): Promise<ExitCode> {
    const { access, progress, patience, open, name, lines } = this.task
    const importable = new ImportableLines(lines)
    const { signal } = this.stop
    const client = new ServiceClient(access)
    progress.start({ text: 'Exporting' })
    const say = (sentence: string): void => progress.say(sentence)
    const service = new PatientClient(client, { seconds: patience, signal, say })
    await reachService(client, service, access)
    const target = await open()
    try {
      const written = await this.write(service, importable, target)
      await target.keep()
      progress.stop()
      if (name !== undefined) console.log(`${counted(written, 'user')} of ${access.url} exported to ${name}.`)
      if (importable.leftOut === 0) return ExitCode.done
      console.error(`kitter: ${importable.sentence}`)
      return ExitCode.someLeftOut
    } finally {
      await target.discard()
    }
  }

  /** How many are in it. */
  private async write(service: PatientClient, importable: ImportableLines, target: ExportTarget): Promise<number> {
    const { wish, lines, progress } = this.task
    let seen = 0
    // nothing before the service has said that it can be done
    let { head } = lines
    for await (const { users, total } of userPages(service, wish)) {
      this.stop.signal.throwIfAborted()
      await target.write(`${head}${importable.of(users).join('')}`)
      head = ''
      seen += users.length
      progress.update(this.progressOf(seen, total))
    }
    return seen - importable.leftOut
  }

  private progressOf(seen: number, total: number): ProgressState {
    const rate = this.rate.of(seen)
    const speed = rate === undefined ? '' : `, ${Math.round(rate)}/s`
    const most = Math.max(total, seen, 1)
    return { text: `Exporting: ${seen} of ${counted(most, 'user')}${speed}`, done: seen, total: most }
  }
}
