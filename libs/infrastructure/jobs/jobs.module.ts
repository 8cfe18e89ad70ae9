import { type DynamicModule, Module } from '@nestjs/common'
import { ImportsModule } from '#core/imports'
import { ProvisioningModule } from '#core/provisioning'
import { ReconciliationModule } from '#core/reconciliation'
import type { Database } from '#infrastructure/postgres'
import { BackgroundJobs } from './background-jobs.ts'
import { FollowChangesJob } from './follow-changes-job.ts'
import { ForgetAuditEntriesJob } from './forget-audit-entries-job.ts'
import { ForgetImportsJob } from './forget-imports-job.ts'
import { ForgetKeysJob } from './forget-keys-job.ts'
import { ForgetOperationsJob } from './forget-operations-job.ts'
import { ForgetReconciliationsJob } from './forget-reconciliations-job.ts'
import { ImportJob } from './import-job.ts'
import { ReconciliationJob } from './reconciliation-job.ts'
import { RecoveryJob } from './recovery-job.ts'

/** What happens in the background, on whichever replica is free. */
@Module({ imports: [ProvisioningModule, ReconciliationModule, ImportsModule] })
export class JobsModule {
  static over(database: Database): DynamicModule {
    return {
      module: JobsModule,
      providers: [
        { provide: BackgroundJobs, useValue: new BackgroundJobs(database) },
        RecoveryJob,
        ReconciliationJob,
        ImportJob,
        FollowChangesJob,
        ForgetKeysJob,
        ForgetOperationsJob,
        ForgetAuditEntriesJob,
        ForgetReconciliationsJob,
        ForgetImportsJob,
      ],
    }
  }
}
