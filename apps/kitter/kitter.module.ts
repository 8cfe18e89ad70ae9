import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core'
import { createLocalJWKSet } from 'jose'
import { CallerIdModule } from '#core/caller-id'
import { DomainsModule } from '#core/domains'
import { HealthModule } from '#core/health'
import { SessionsModule } from '#core/sessions'
import { UsersModule } from '#core/users'
import { AccessGuard, ErrorFilter, type Metrics, TokenVerifier } from '#infrastructure/http'
import { type Database, PostgresModule } from '#infrastructure/postgres'
import { SandboxIdentityProvider, SandboxModule } from '#infrastructure/sandbox'
import { RequestPipe } from '#rest'
import type { Configuration } from './configuration.ts'
import { ObservabilityModule } from './observability.module.ts'
import { SettingsModule } from './settings.module.ts'

export interface KitterParts {
  readonly configuration: Configuration
  readonly databaseUrl: string
  readonly database: Database
  readonly metrics: Metrics
}

const audience = 'kitter'

/** The modules of the core, and the adapters that the configuration chose for their ports. */
@Module({
  imports: [DomainsModule, UsersModule, SessionsModule, CallerIdModule, HealthModule],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_PIPE, useClass: RequestPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: TokenVerifier, useFactory: verifierOf, inject: [SandboxIdentityProvider] },
  ],
})
export class KitterModule {
  static of({ configuration, databaseUrl, database, metrics }: KitterParts): DynamicModule {
    return {
      module: KitterModule,
      imports: [
        SettingsModule.of(configuration),
        ObservabilityModule.of(database, metrics),
        PostgresModule.over(database),
        SandboxModule.over({ databaseUrl, audience, trustProxy: configuration.TRUST_PROXY !== false }),
      ],
    }
  }
}

async function verifierOf(realm: SandboxIdentityProvider): Promise<TokenVerifier> {
  return new TokenVerifier({ keys: createLocalJWKSet(await realm.keys()), issuer: realm.issuer, audience })
}
