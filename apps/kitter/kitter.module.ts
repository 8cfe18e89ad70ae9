import { type DynamicModule, Module, type Type } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core'
import { AuditModule } from '#core/audit'
import { CallerIdModule } from '#core/caller-id'
import { DomainsModule } from '#core/domains'
import { HealthModule } from '#core/health'
import { IdempotencyModule } from '#core/idempotency'
import { ImportsModule } from '#core/imports'
import { OperationsModule } from '#core/provisioning'
import { ReconciliationModule } from '#core/reconciliation'
import { SearchModule } from '#core/search'
import { SessionsModule } from '#core/sessions'
import { UsersModule } from '#core/users'
import {
  AccessGuard,
  AuditInterceptor,
  ChangeRecorder,
  DialectInterceptor,
  ErrorFilter,
  IdempotencyInterceptor,
  type Metrics,
  RoomGuard,
} from '#infrastructure/http'
import { JobsModule } from '#infrastructure/jobs'
import {
  AuditRetention,
  type Database,
  IdempotencyLease,
  ImportLease,
  JournalLease,
  PostgresModule,
  ReconciliationLease,
} from '#infrastructure/postgres'
import { RowFilesModule } from '#infrastructure/row-files'
import type { Htable } from '#infrastructure/sip-proxy'
import { type Dialects, RequestPipe } from '#rest'
import type { Configuration } from './configuration.ts'
import { dialectsOf } from './dialects.ts'
import { DialectsModule } from './dialects.module.ts'
import { ObservabilityModule } from './observability.module.ts'
import { SettingsModule } from './settings.module.ts'
import { systemsOf } from './systems.ts'
import type { Timing } from './timing.ts'

export interface KitterParts {
  readonly configuration: Configuration
  readonly databaseUrl: string
  readonly database: Database
  readonly htable: Htable
  readonly metrics: Metrics
  readonly dialects: Dialects
  readonly timing?: Timing
}

/** Those of kitter's own API. */
export const nativeModules: Type[] = [
  DomainsModule,
  UsersModule,
  SearchModule,
  SessionsModule,
  CallerIdModule,
  OperationsModule,
  ReconciliationModule,
  ImportsModule,
  AuditModule,
  HealthModule,
  IdempotencyModule,
]

/** The modules of the core, and the adapters that the configuration chose for their ports. */
@Module({
  imports: nativeModules,
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    // behind it: whoever may not call is given no room
    { provide: APP_GUARD, useClass: RoomGuard },
    // outside: an answer that is given once more is said anew
    { provide: APP_INTERCEPTOR, useClass: DialectInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    // inside: an answer that is given once more changes nothing
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    ChangeRecorder,
    { provide: APP_PIPE, useClass: RequestPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class KitterModule {
  static of({
    configuration,
    databaseUrl,
    database,
    htable,
    metrics,
    dialects,
    timing = {},
  }: KitterParts): DynamicModule {
    const { modules, probes, tokenVerifier } = systemsOf(configuration, { databaseUrl, htable })
    return {
      module: KitterModule,
      imports: [
        SettingsModule.of(configuration, timing),
        ObservabilityModule.of(database, metrics, probes),
        PostgresModule.over(
          database,
          new JournalLease(timing.leaseSeconds, timing.journalTogether),
          new IdempotencyLease(timing.keyLeaseSeconds),
          new AuditRetention(configuration.AUDIT_KEPT),
          new ReconciliationLease(timing.reconciliationLeaseSeconds),
          new ImportLease(timing.importLeaseSeconds),
        ),
        RowFilesModule,
        JobsModule.over(database),
        ...modules,
        DialectsModule.of(dialects),
        ...dialectsOf(configuration.DIALECTS).map(({ module }) => module),
      ],
      providers: [tokenVerifier],
    }
  }
}
