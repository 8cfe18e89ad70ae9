import { type DynamicModule, type FactoryProvider } from '@nestjs/common'
import { createLocalJWKSet } from 'jose'
import type { HealthProbe } from '#core/health'
import { remoteKeys, TokenVerifier } from '#infrastructure/http'
import { issuerOf, KeycloakModule, KeycloakRealm } from '#infrastructure/keycloak'
import { SandboxIdentityProvider, SandboxModule, type SandboxPart } from '#infrastructure/sandbox'
import { WacCore, WacCoreModule } from '#infrastructure/wac-core'
import type { Configuration } from './configuration.ts'

/** The systems beside kitter's own database: the real ones whose address the configuration has, the sandbox's for the others. */
export interface Systems {
  readonly modules: readonly DynamicModule[]
  readonly probes: readonly HealthProbe[]
  readonly tokenVerifier: FactoryProvider<TokenVerifier>
}

type System = Pick<Systems, 'modules' | 'probes'>

export function systemsOf(configuration: Configuration, databaseUrl: string): Systems {
  const real = [keycloakOf(configuration), wacCoreOf(configuration)].filter((system) => system !== undefined)
  return {
    modules: [sandboxOf(configuration, databaseUrl), ...real.flatMap(({ modules }) => modules)],
    probes: real.flatMap(({ probes }) => probes),
    tokenVerifier: verifierOf(configuration),
  }
}

function keycloakOf({ keycloak }: Configuration): System | undefined {
  if (keycloak === undefined) return undefined
  const realm = new KeycloakRealm(keycloak)
  return {
    modules: [KeycloakModule.over(realm)],
    probes: [{ name: 'keycloak', essential: false, check: () => realm.ping() }],
  }
}

function wacCoreOf({ wacCore }: Configuration): System | undefined {
  if (wacCore === undefined) return undefined
  const connection = new WacCore(wacCore)
  return {
    modules: [WacCoreModule.over(connection)],
    probes: [{ name: 'wac-core', essential: false, check: () => connection.ping() }],
  }
}

function sandboxOf(configuration: Configuration, databaseUrl: string): DynamicModule {
  const standsInFor: SandboxPart[] = ['sip-proxy']
  if (configuration.keycloak === undefined) standsInFor.push('keycloak')
  if (configuration.wacCore === undefined) standsInFor.push('wac-core')
  return SandboxModule.over({
    databaseUrl,
    standsInFor,
    audience: configuration.TOKEN_AUDIENCE,
    trustProxy: configuration.TRUST_PROXY !== false,
    ...(configuration.TOKEN_ISSUER !== undefined && { issuer: configuration.TOKEN_ISSUER }),
  })
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
