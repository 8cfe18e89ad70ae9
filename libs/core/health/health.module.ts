import { Module } from '@nestjs/common'
import { TerminusModule } from '@nestjs/terminus'
import { HealthController } from './api/health.controller.ts'
import { HealthService } from './application/health.service.ts'

/** How long the readiness says no before the last requests end, so that whoever routes to this replica sees it. */
const gracefulShutdownTimeoutMs = 1000

@Module({
  imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs })],
  controllers: [HealthController],
  providers: [HealthService],
})
export class HealthModule {}
