import { type DynamicModule, Global, Module } from '@nestjs/common'
import { SipProxy } from '#core/caller-id'
import { DomainRegistry } from '#core/domains'
import { CommunicationsUsers } from '#core/users'
import { SandboxDatabase } from './database/sandbox-database.ts'
import { keycloakPart } from './keycloak-part.ts'
import { type SandboxOptions, type SandboxPart, SandboxSettings } from './sandbox-settings.ts'
import { SandboxSipProxy } from './sip-proxy/sandbox-sip-proxy.ts'
import { SandboxCommunicationsUsers } from './wac-core/sandbox-communications-users.ts'
import { SandboxDomainRegistry } from './wac-core/sandbox-domain-registry.ts'
import { WacDomainsStore } from './wac-core/wac-domains.store.ts'
import { WacSipMappingsStore } from './wac-core/wac-sip-mappings.store.ts'
import { WacUsersStore } from './wac-core/wac-users.store.ts'

const stores = [WacDomainsStore, WacUsersStore, WacSipMappingsStore]

const wacCorePart = {
  providers: [
    ...stores,
    { provide: DomainRegistry, useClass: SandboxDomainRegistry },
    { provide: CommunicationsUsers, useClass: SandboxCommunicationsUsers },
  ],
  exports: [...stores, DomainRegistry, CommunicationsUsers],
}

const sipProxyPart = {
  providers: [SandboxSipProxy, { provide: SipProxy, useExisting: SandboxSipProxy }],
  exports: [SandboxSipProxy, SipProxy],
}

type PartOfModule = Required<Pick<DynamicModule, 'providers' | 'exports'>>

const parts: Readonly<Record<SandboxPart, PartOfModule>> = {
  keycloak: keycloakPart,
  'wac-core': wacCorePart,
  'sip-proxy': sipProxyPart,
}
const allParts: readonly SandboxPart[] = ['keycloak', 'wac-core', 'sip-proxy']

/** Stand-ins for the other systems, whose state lies in kitter's own Postgres. Opens it when the app is created. */
@Global()
@Module({})
export class SandboxModule {
  static over({ databaseUrl, standsInFor = allParts, ...settings }: SandboxOptions): DynamicModule {
    const chosen = standsInFor.map((name) => parts[name])
    return {
      module: SandboxModule,
      providers: [
        { provide: SandboxSettings, useValue: new SandboxSettings(settings) },
        { provide: SandboxDatabase, useFactory: () => SandboxDatabase.open(databaseUrl) },
        ...chosen.flatMap(({ providers }) => providers),
      ],
      exports: [SandboxDatabase, ...chosen.flatMap(({ exports }) => exports)],
    }
  }
}
