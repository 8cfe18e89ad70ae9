import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core'
import { CallerIdModule } from '#core/caller-id'
import { DomainsModule } from '#core/domains'
import { HealthModule } from '#core/health'
import { SessionsModule } from '#core/sessions'
import { UsersModule } from '#core/users'
import { AccessGuard, ErrorFilter, type Metrics } from '#infrastructure/http'
import { type Database, PostgresModule } from '#infrastructure/postgres'
import type { Htable } from '#infrastructure/sip-proxy'
import { RequestPipe } from '#rest'
import type { Configuration } from './configuration.ts'
import { ObservabilityModule } from './observability.module.ts'
import { SettingsModule } from './settings.module.ts'
import { systemsOf } from './systems.ts'

export interface KitterParts {
  readonly configuration: Configuration
  readonly databaseUrl: string
  readonly database: Database
  readonly htable: Htable
  readonly metrics: Metrics
}

/** The modules of the core, and the adapters that the configuration chose for their ports. */
@Module({
  imports: [DomainsModule, UsersModule, SessionsModule, CallerIdModule, HealthModule],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_PIPE, useClass: RequestPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class KitterModule {
  static of({ configuration, databaseUrl, database, htable, metrics }: KitterParts): DynamicModule {
    const { modules, probes, tokenVerifier } = systemsOf(configuration, { databaseUrl, htable })
    return {
      module: KitterModule,
      imports: [
        SettingsModule.of(configuration),
        ObservabilityModule.of(database, metrics, probes),
        PostgresModule.over(database),
        ...modules,
      ],
      providers: [tokenVerifier],
    }
  }
}
