import { Controller, Get } from '@nestjs/common'
import { SandboxDatabase } from '#infrastructure/sandbox'

/** For probes, without a token. */
@Controller('health')
export class HealthController {
  constructor(private readonly database: SandboxDatabase) {}

  @Get()
  async health(): Promise<{ readonly status: 'ok' }> {
    await this.database.ping()
    return { status: 'ok' }
  }
}
