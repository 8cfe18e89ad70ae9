import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ProvisioningModule } from '#core/provisioning'
import { UsersController } from './api/users.controller.ts'
import { UserOperationKinds } from './application/user-operation-kinds.ts'
import { UserOperations } from './application/user-operations.ts'
import { UserSteps } from './application/user-steps.ts'
import { UsersService } from './application/users.service.ts'

@Module({
  imports: [DomainsModule, ProvisioningModule],
  controllers: [UsersController],
  providers: [UsersService, UserOperations, UserOperationKinds, UserSteps],
  exports: [UsersService],
})
export class UsersModule {}
