import { type DynamicModule, Module } from '@nestjs/common'
import { ProvisioningModule } from '#core/provisioning'
import type { Database } from '#infrastructure/postgres'
import { BackgroundJobs } from './background-jobs.ts'
import { ForgetAuditEntriesJob } from './forget-audit-entries-job.ts'
import { ForgetKeysJob } from './forget-keys-job.ts'
import { ForgetOperationsJob } from './forget-operations-job.ts'
import { RecoveryJob } from './recovery-job.ts'

/** What happens in the background, on whichever replica is free. */
@Module({ imports: [ProvisioningModule] })
export class JobsModule {
  static over(database: Database): DynamicModule {
    return {
      module: JobsModule,
      providers: [
        { provide: BackgroundJobs, useValue: new BackgroundJobs(database) },
        RecoveryJob,
        ForgetKeysJob,
        ForgetOperationsJob,
        ForgetAuditEntriesJob,
      ],
    }
  }
}
