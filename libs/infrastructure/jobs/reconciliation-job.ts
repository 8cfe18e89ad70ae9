import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Reconciler } from '#core/reconciliation'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 1
/** A million users. */
const longestSeconds = 12 * 60 * 60

/** Has one replica work on the reconciliation that is running, and leaves it to others when this one stops. */
@Injectable()
export class ReconciliationJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController()

  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly reconciler: Reconciler,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    const work = (): Promise<void> => this.reconciler.work(this.stopping.signal)
    await this.jobs.every(everySeconds, 'reconciliation', work, longestSeconds)
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort()
  }
}
