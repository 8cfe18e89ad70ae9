import { Controller, Get } from '@nestjs/common'

@Controller('sapi/capabilities')
export class CapabilitiesController {
  @Get()
  capabilities(): Readonly<Record<'domain' | 'user', readonly string[]>> {
    return { domain: ['call', 'chat', 'contacts', 'meetings'], user: ['call', 'chat', 'contacts', 'meetings'] }
  }
}
