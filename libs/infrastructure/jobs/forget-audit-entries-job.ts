import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { AuditTrail } from '#core/audit'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 60

/** Removes entries of the audit trail that have been kept for as long as was promised. */
@Injectable()
export class ForgetAuditEntriesJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly trail: AuditTrail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'forget-audit-entries', () => this.forget())
  }

  private async forget(): Promise<void> {
    while ((await this.trail.forgetSome()) > 0);
  }
}
