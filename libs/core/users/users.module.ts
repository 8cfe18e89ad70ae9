import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ProvisioningModule } from '#core/provisioning'
import { UsersController } from './api/users.controller.ts'
import { UserChecks } from './application/user-checks.ts'
import { UserOperationKinds } from './application/user-operation-kinds.ts'
import { UserOperations } from './application/user-operations.ts'
import { UserSteps } from './application/user-steps.ts'
import { UserTrial } from './application/user-trial.ts'
import { UsersService } from './application/users.service.ts'

@Module({
  imports: [DomainsModule, ProvisioningModule],
  controllers: [UsersController],
  providers: [UsersService, UserChecks, UserTrial, UserOperations, UserOperationKinds, UserSteps],
  exports: [UsersService, UserTrial],
})
export class UsersModule {}
