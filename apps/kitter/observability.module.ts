import { type DynamicModule, Global, Module } from '@nestjs/common'
import { type HealthProbe, HealthProbes } from '#core/health'
import { OperationsMeter } from '#core/provisioning'
import type { Metrics } from '#infrastructure/http'
import type { Database } from '#infrastructure/postgres'

/** What others watch kitter by: its metrics, and the probes of the systems it needs. */
@Global()
@Module({})
export class ObservabilityModule {
  static of(database: Database, metrics: Metrics, probes: readonly HealthProbe[]): DynamicModule {
    const postgres: HealthProbe = { name: 'postgres', essential: true, check: () => database.ping() }
    const all = [postgres, ...probes]
    return {
      module: ObservabilityModule,
      providers: [
        { provide: OperationsMeter, useValue: metrics },
        { provide: HealthProbes, useValue: { all } satisfies HealthProbes },
      ],
      exports: [OperationsMeter, HealthProbes],
    }
  }
}
