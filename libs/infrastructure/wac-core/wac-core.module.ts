import { type DynamicModule, Global, Module } from '@nestjs/common'
import { DomainRegistry } from '#core/domains'
import { CommunicationsUsers } from '#core/users'
import { WacCoreCommunicationsUsers } from './wac-core-communications-users.ts'
import { WacCoreDomainRegistry } from './wac-core-domain-registry.ts'
import { WacCore } from './wac-core.ts'

const adapters = [
  { provide: DomainRegistry, useClass: WacCoreDomainRegistry },
  { provide: CommunicationsUsers, useClass: WacCoreCommunicationsUsers },
]

/** The real wac-core, for the ports that it answers. Whoever made the connection closes it. */
@Global()
@Module({})
export class WacCoreModule {
  static over(wacCore: WacCore): DynamicModule {
    return {
      module: WacCoreModule,
      providers: [{ provide: WacCore, useValue: wacCore }, ...adapters],
      exports: adapters.map(({ provide }) => provide),
    }
  }
}
