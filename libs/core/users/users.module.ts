import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ProvisioningModule } from '#core/provisioning'
import { UsersController } from './api/users.controller.ts'
import { NewPasswords } from './application/new-passwords.ts'
import { PlaceChecks } from './application/place-checks.ts'
import { SignInDigests } from './application/sign-in-digests.ts'
import { UserChecks } from './application/user-checks.ts'
import { UserOperationKinds } from './application/user-operation-kinds.ts'
import { UserOperations } from './application/user-operations.ts'
import { UserSight } from './application/user-sight.ts'
import { UserSteps } from './application/user-steps.ts'
import { UserTrial } from './application/user-trial.ts'
import { UsersService } from './application/users.service.ts'

@Module({
  imports: [DomainsModule, ProvisioningModule],
  controllers: [UsersController],
  providers: [
    UsersService,
    UserSight,
    UserChecks,
    PlaceChecks,
    NewPasswords,
    SignInDigests,
    UserTrial,
    UserOperations,
    UserOperationKinds,
    UserSteps,
  ],
  exports: [UsersService, UserTrial, SignInDigests],
})
export class UsersModule {}
