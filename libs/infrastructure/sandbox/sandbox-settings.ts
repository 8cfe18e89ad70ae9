import type { Htable } from '#infrastructure/sip-proxy'

/** The systems that the sandbox can stand in for. */
export type SandboxPart = 'keycloak' | 'wac-core' | 'sip-proxy'

export interface SandboxOptions {
  readonly databaseUrl: string
  /** Those that no URL was given for; all of them by default. */
  readonly standsInFor?: readonly SandboxPart[]
  /**
   * What tokens say they come from. A name, not the address of the service: that may be another one after a restart, and
   * tokens stay good.
   */
  readonly issuer?: string
  readonly audience?: string
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` say where the service is, for the URLs in the discovery document. */
  readonly trustProxy?: boolean
  /** What the sip-proxy reads: Kamailio's stock table in this database by default. */
  readonly htable?: Htable
}

/** What of the options the sandbox's parts go by. */
export class SandboxSettings {
  readonly issuer: string
  readonly audience: string
  readonly trustProxy: boolean
  readonly htable: Htable | undefined

  constructor(options: Pick<SandboxOptions, 'issuer' | 'audience' | 'trustProxy' | 'htable'> = {}) {
    this.issuer = options.issuer ?? 'http://kitter.sandbox/realms/kitter'
    this.audience = options.audience ?? 'kitter'
    this.trustProxy = options.trustProxy ?? false
    this.htable = options.htable
  }
}
