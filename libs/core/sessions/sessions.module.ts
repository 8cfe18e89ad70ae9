import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { UsersModule } from '#core/users'
import { SessionsController } from './api/sessions.controller.ts'
import { FurtherSessions } from './application/further-sessions.ts'
import { SessionsService } from './application/sessions.service.ts'

@Module({
  imports: [DomainsModule, UsersModule],
  controllers: [SessionsController],
  providers: [SessionsService, FurtherSessions],
  exports: [FurtherSessions],
})
export class SessionsModule {}
