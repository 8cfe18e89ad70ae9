import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { SandboxModule } from '#infrastructure/sandbox'
import { CapabilitiesController } from './capabilities.controller.ts'
import { DomainsController } from './domains.controller.ts'
import { Faults } from './faults.ts'
import { FaultsController } from './faults.controller.ts'
import { HealthController } from './health.controller.ts'
import { Outage } from './outage.ts'
import { SipMappingsController } from './sip-mappings.controller.ts'
import { UsersController } from './users.controller.ts'
import { WacErrorFilter } from './wac-error.filter.ts'

export interface WacCoreSandboxParts {
  readonly databaseUrl: string
  readonly faults: Faults
  readonly outage: Outage
}

/** wac-core's service API on the sandbox's stores, and beside it what faults are ordered by. */
@Module({
  controllers: [
    CapabilitiesController,
    DomainsController,
    UsersController,
    SipMappingsController,
    HealthController,
    FaultsController,
  ],
  providers: [{ provide: APP_FILTER, useClass: WacErrorFilter }],
})
export class WacCoreSandboxModule {
  static of({ databaseUrl, faults, outage }: WacCoreSandboxParts): DynamicModule {
    return {
      module: WacCoreSandboxModule,
      imports: [SandboxModule.over({ databaseUrl, standsInFor: ['wac-core'] })],
      providers: [
        { provide: Faults, useValue: faults },
        { provide: Outage, useValue: outage },
      ],
    }
  }
}
