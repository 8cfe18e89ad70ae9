import { type DynamicModule, Global, Module } from '@nestjs/common'
import { CallerIdSwitch } from '#core/caller-id'
import { DomainFeatures, PlatformDomains } from '#core/domains'
import { LoginNames } from '#core/users'
import type { Configuration } from './configuration.ts'

/** What the operator's settings mean to the core. */
@Global()
@Module({})
export class SettingsModule {
  static of(configuration: Configuration): DynamicModule {
    const values = [
      new LoginNames(configuration.LOGIN_NAMES),
      new PlatformDomains(configuration.ROOT_DOMAIN),
      new DomainFeatures({ remoteSipRegister: configuration.REMOTE_SIP_REGISTER_ENABLED }),
      new CallerIdSwitch(configuration.CALLER_ID_ENABLED),
    ]
    return {
      module: SettingsModule,
      providers: values.map((value) => ({ provide: value.constructor, useValue: value })),
      exports: values.map((value) => value.constructor),
    }
  }
}
