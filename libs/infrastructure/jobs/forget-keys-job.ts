import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { IdempotencyKept, IdempotencyKeys } from '#core/idempotency'
import { BackgroundJobs } from './background-jobs.ts'

const mostSeconds = 60

/** Forgets idempotency keys when their time is over. */
@Injectable()
export class ForgetKeysJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly keys: IdempotencyKeys,
    private readonly kept: IdempotencyKept,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(Math.min(this.kept.seconds, mostSeconds), 'forget-keys', () => this.forget())
  }

  private async forget(): Promise<void> {
    while ((await this.keys.forget(this.kept.seconds)) > 0);
  }
}
