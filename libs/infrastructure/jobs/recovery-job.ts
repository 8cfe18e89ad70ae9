import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { Recovery } from '#core/provisioning'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 1

/** Looks every second for operations that nobody carries on, and settles them. */
@Injectable()
export class RecoveryJob implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly recovery: Recovery,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'recovery', () => this.sweep())
  }

  async onApplicationShutdown(): Promise<void> {
    await this.jobs.stop()
  }

  /** Again as long as there is something: a crash leaves many at once. */
  private async sweep(): Promise<void> {
    while ((await this.recovery.sweep()) > 0);
  }
}
