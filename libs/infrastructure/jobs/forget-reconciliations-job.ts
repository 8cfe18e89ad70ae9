import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { OperationsKept } from '#core/provisioning'
import { Reconciliations } from '#core/reconciliation'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 60

/** Removes reconciliations that ended longer ago than operations are kept. */
@Injectable()
export class ForgetReconciliationsJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly reconciliations: Reconciliations,
    private readonly kept: OperationsKept,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'forget-reconciliations', () => this.forget())
  }

  private async forget(): Promise<void> {
    while ((await this.reconciliations.forgetSome(this.kept.seconds)) > 0);
  }
}
