import { type DynamicModule, Global, Module } from '@nestjs/common'
import { CallerIdSwitch } from '#core/caller-id'
import { DomainFeatures, PlatformDomains } from '#core/domains'
import { IdempotencyKept } from '#core/idempotency'
import { ImportLimits, ImportPace } from '#core/imports'
import { OperationsKept, RecoveryPace } from '#core/provisioning'
import { ReconciliationPace } from '#core/reconciliation'
import { LoginNames } from '#core/users'
import type { Configuration } from './configuration.ts'
import { switchedBy } from './dialects.ts'
import type { Timing } from './timing.ts'

/** What the operator's settings mean to the core and to dialects. */
@Global()
@Module({})
export class SettingsModule {
  static of(configuration: Configuration, timing: Timing): DynamicModule {
    const values = [
      new LoginNames(configuration.LOGIN_NAMES),
      new PlatformDomains(configuration.ROOT_DOMAIN),
      new DomainFeatures({ remoteSipRegister: configuration.REMOTE_SIP_REGISTER_ENABLED }),
      new CallerIdSwitch(configuration.CALLER_ID_ENABLED),
      new IdempotencyKept(configuration.IDEMPOTENCY_KEPT),
      new OperationsKept(configuration.OPERATIONS_KEPT),
      new RecoveryPace(timing.recovery),
      new ReconciliationPace(timing.reconciliation),
      new ImportPace(timing.imports),
      new ImportLimits(),
      ...switchedBy(configuration.dialectSwitches),
    ]
    return {
      module: SettingsModule,
      providers: values.map((value) => ({ provide: value.constructor, useValue: value })),
      exports: values.map((value) => value.constructor),
    }
  }
}
