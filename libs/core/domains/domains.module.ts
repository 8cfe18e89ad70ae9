import { Module } from '@nestjs/common'
import { ProvisioningModule } from '#core/provisioning'
import { DomainsController } from './api/domains.controller.ts'
import { DomainOperationKinds } from './application/domain-operation-kinds.ts'
import { DomainOperations } from './application/domain-operations.ts'
import { PlatformSetup } from './application/platform-setup.ts'
import { DomainsService } from './application/domains.service.ts'

@Module({
  imports: [ProvisioningModule],
  controllers: [DomainsController],
  providers: [DomainsService, DomainOperations, DomainOperationKinds, PlatformSetup],
  exports: [DomainsService, PlatformSetup],
})
export class DomainsModule {}
