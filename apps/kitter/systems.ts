import type { DynamicModule, FactoryProvider } from '@nestjs/common'
import { createLocalJWKSet } from 'jose'
import type { HealthProbe } from '#core/health'
import { remoteKeys, TokenVerifier } from '#infrastructure/http'
import { issuerOf, KeycloakModule, KeycloakRealm } from '#infrastructure/keycloak'
import { SandboxIdentityProvider, SandboxModule, type SandboxPart } from '#infrastructure/sandbox'
import { connectCallOriginator, connectSipProxy, type Htable, SipProxyModule } from '#infrastructure/sip-proxy'
import { WacCore, WacCoreModule } from '#infrastructure/wac-core'
import type { Configuration } from './configuration.ts'

/** What adapters need that was opened before them. */
interface Opened {
  readonly databaseUrl: string
  readonly htable: Htable
}

/** The systems beside kitter's own database: the real ones whose address the configuration has, the sandbox's for the others. */
export interface Systems {
  readonly modules: readonly DynamicModule[]
  readonly probes: readonly HealthProbe[]
  readonly tokenVerifier: FactoryProvider<TokenVerifier>
}

interface System {
  readonly module: DynamicModule
  readonly probes: readonly HealthProbe[]
  /** For which of its parts the sandbox must stand in. */
  readonly missing?: SandboxPart
}

export function systemsOf(configuration: Configuration, opened: Opened): Systems {
  const { keycloak, wacCore } = configuration
  const real = [
    ...(keycloak === undefined ? [] : [keycloakOf(keycloak)]),
    ...(wacCore === undefined ? [] : [wacCoreOf(wacCore)]),
    sipProxyOf(configuration, opened.htable),
  ]
  const missing = [
    ...(keycloak === undefined ? (['keycloak'] as const) : []),
    ...(wacCore === undefined ? (['wac-core'] as const) : []),
    ...real.flatMap((system) => system.missing ?? []),
  ]
  return {
    modules: [...sandboxOf(configuration, opened, missing), ...real.map(({ module }) => module)],
    probes: real.flatMap(({ probes }) => probes),
    tokenVerifier: verifierOf(configuration),
  }
}

function keycloakOf(settings: NonNullable<Configuration['keycloak']>): System {
  const realm = new KeycloakRealm(settings)
  return { module: KeycloakModule.over(realm), probes: [probe('keycloak', realm)] }
}

function wacCoreOf(settings: NonNullable<Configuration['wacCore']>): System {
  const wacCore = new WacCore(settings)
  return { module: WacCoreModule.over(wacCore), probes: [probe('wac-core', wacCore)] }
}

/** Where caller IDs are switched off, nobody needs them, and nobody asks how they are. */
function sipProxyOf(configuration: Configuration, htable: Htable): System {
  const { SIP_PROXY_URL: url, SIP_PROXY_KAMCMD: kamcmd, HTABLE_DATABASE_URL, CALLER_ID_ENABLED } = configuration
  const sipProxy = connectSipProxy({ url, kamcmd })
  const module = SipProxyModule.over({ htable, sipProxy, calls: connectCallOriginator({ url }) })
  const probes = [
    ...(sipProxy === undefined ? [] : [probe('sip-proxy', sipProxy)]),
    ...(HTABLE_DATABASE_URL === undefined ? [] : [probe('htable', htable.database)]),
  ]
  return { module, probes: CALLER_ID_ENABLED ? probes : [], ...(sipProxy === undefined && { missing: 'sip-proxy' }) }
}

/** None of these keeps kitter from serving what doesn't need it. */
function probe(name: string, system: { ping(): Promise<void> }): HealthProbe {
  return { name, essential: false, check: () => system.ping() }
}

function sandboxOf(
  { TOKEN_AUDIENCE: audience, TOKEN_ISSUER: issuer, TRUST_PROXY }: Configuration,
  opened: Opened,
  standsInFor: readonly SandboxPart[],
): readonly DynamicModule[] {
  if (standsInFor.length === 0) return []
  const trustProxy = TRUST_PROXY !== false
  return [SandboxModule.over({ ...opened, standsInFor, audience, trustProxy, ...(issuer !== undefined && { issuer }) })]
}

/** Tokens come from the realm, wherever it is. */
function verifierOf({ keycloak, TOKEN_ISSUER, TOKEN_AUDIENCE: audience }: Configuration): Systems['tokenVerifier'] {
  if (keycloak === undefined) {
    return {
      provide: TokenVerifier,
      useFactory: async (realm: SandboxIdentityProvider) =>
        new TokenVerifier({ keys: createLocalJWKSet(await realm.keys()), issuer: realm.issuer, audience }),
      inject: [SandboxIdentityProvider],
    }
  }
  const realm = issuerOf(keycloak)
  const keys = remoteKeys(`${realm}/protocol/openid-connect/certs`)
  return {
    provide: TokenVerifier,
    useFactory: () => new TokenVerifier({ keys, issuer: TOKEN_ISSUER ?? realm, audience }),
  }
}
