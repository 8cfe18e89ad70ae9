import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ProvisioningModule } from '#core/provisioning'
import { ReconciliationsController } from './api/reconciliations.controller.ts'
import { ChangeFollower } from './application/change-follower.ts'
import { DomainDifferences } from './application/domain-differences.ts'
import { DomainMending } from './application/domain-mending.ts'
import { DomainsPhase } from './application/domains-phase.ts'
import { Reconciler } from './application/reconciler.ts'
import { ReconciliationService } from './application/reconciliation.service.ts'
import { ScanPhase } from './application/scan-phase.ts'
import { UserDifferences } from './application/user-differences.ts'
import { UserLook } from './application/user-look.ts'
import { UserMending } from './application/user-mending.ts'
import { UsersPhase } from './application/users-phase.ts'

/** Finds and mends what others change behind kitter's back. */
@Module({
  imports: [ProvisioningModule, DomainsModule],
  controllers: [ReconciliationsController],
  providers: [
    ReconciliationService,
    Reconciler,
    DomainsPhase,
    ScanPhase,
    UsersPhase,
    DomainDifferences,
    DomainMending,
    UserDifferences,
    UserLook,
    UserMending,
    ChangeFollower,
  ],
  exports: [Reconciler, ChangeFollower],
})
export class ReconciliationModule {}
