import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { OperationRecords, OperationsKept } from '#core/provisioning'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 60

/** Removes operations from the journal that ended longer ago than they are kept. */
@Injectable()
export class ForgetOperationsJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly records: OperationRecords,
    private readonly kept: OperationsKept,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'forget-operations', () => this.forget())
  }

  private async forget(): Promise<void> {
    while ((await this.records.forgetSome(this.kept.seconds)) > 0);
  }
}
