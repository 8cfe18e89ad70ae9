import { Controller, Get } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { DocumentedPublicly, Public } from '#rest'
import { HealthService, notReady } from '../application/health.service.ts'
import { HealthAnswer } from './health.dto.ts'

@ApiTags('healthChecker')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('liveness')
  @Public()
  @DocumentedPublicly({
    id: 'checkLiveness',
    summary: 'Check liveness',
    description: 'Whether the process answers. For probes, without a token.',
    success: { status: 200, description: 'It does.', type: HealthAnswer, example: { status: 'ok', details: {} } },
  })
  liveness(): HealthAnswer {
    return { status: 'ok', details: {} }
  }

  @Get('readiness')
  @Public()
  @DocumentedPublicly({
    id: 'checkReadiness',
    summary: 'Check readiness',
    description:
      'Whether kitter can serve. `degraded` names a system that is away and that only some operations need. For probes, without a token.',
    success: {
      status: 200,
      description: 'It can.',
      type: HealthAnswer,
      example: {
        status: 'degraded',
        details: { postgres: { status: 'up' }, keycloak: { status: 'degraded', message: 'does not answer' } },
      },
    },
    errors: [notReady({ postgres: { status: 'down', message: 'does not answer' } })],
  })
  readiness(): Promise<HealthAnswer> {
    return this.health.readiness()
  }
}
