import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Imports } from '#core/imports'
import { OperationsKept } from '#core/provisioning'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 60
/** The rest of a file, which may hold passwords, waits no longer for somebody to resume its import. */
const longestPausedSeconds = 7 * 24 * 60 * 60

/** Lets go of what is left of files, removes imports that ended longer ago than operations are kept, and cancels those that nobody resumes. */
@Injectable()
export class ForgetImportsJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly imports: Imports,
    private readonly kept: OperationsKept,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'forget-imports', () => this.forget())
  }

  private async forget(): Promise<void> {
    await this.imports.cancelForgotten(longestPausedSeconds)
    await this.imports.forgetFilesOfEnded()
    while ((await this.imports.forgetSome(this.kept.seconds)) > 0);
  }
}
