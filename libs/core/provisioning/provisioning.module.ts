import { Module } from '@nestjs/common'
import { OperationKinds } from './application/operation-kinds.ts'
import { Provisioning } from './application/provisioning.ts'
import { Recovery } from './application/recovery.ts'

@Module({
  providers: [Provisioning, OperationKinds, Recovery],
  exports: [Provisioning, OperationKinds, Recovery],
})
export class ProvisioningModule {}
