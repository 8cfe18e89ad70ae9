import { setTimeout as pause } from 'node:timers/promises'
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { Recovery } from '#core/provisioning'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 1
/** How long what is being settled may take to its end when kitter stops. */
const stopTimeoutMs = 5000

/** Looks every second for operations that nobody carries on, and settles them. */
@Injectable()
export class RecoveryJob implements OnApplicationBootstrap, OnApplicationShutdown {
  private isStopping = false

  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly recovery: Recovery,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'recovery', () => this.sweep())
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true
    const rested = Promise.race([this.recovery.rest(), pause(stopTimeoutMs, undefined, { ref: false })])
    await Promise.all([this.jobs.stop(), rested])
  }

  /** Again as long as there is something: a crash leaves many at once. */
  private async sweep(): Promise<void> {
    while (!this.isStopping && (await this.recovery.sweep()) > 0);
  }
}
