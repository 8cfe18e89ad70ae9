import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Importer } from '#core/imports'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 1
/** A million users. */
const longestSeconds = 12 * 60 * 60

/** Has replicas work on imports, one each at a time, and leaves what this one works on to others when it stops. */
@Injectable()
export class ImportJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController()

  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly importer: Importer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    const work = (): Promise<void> => this.importer.work(this.stopping.signal)
    await this.jobs.every(everySeconds, 'imports', work, longestSeconds)
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort()
  }
}
