import KeycloakAdminClient, { NetworkError } from '@keycloak/keycloak-admin-client'
import { decodeJwt } from 'jose'
import { systemRefused } from '#kernel'
import { KeycloakAnswer } from './keycloak-answer.ts'
import type { KeycloakSettings } from './keycloak-settings.ts'
import { failedQuestion } from './translate.ts'

/** Renewed when a fifth of its life is left. */
const usedUp = 0.8

interface Token {
  readonly value: string
  /** By the clock of `performance.now()`: Keycloak's may be another one. */
  readonly goodUntil: number
}

/** The token of kitter's own client: fetched once for all who need it, and kept while it is good. */
export class ServiceToken {
  private readonly settings: KeycloakSettings & { readonly timeoutMs: number }
  private held: Token | undefined
  private fetching: Promise<Token> | undefined

  constructor(settings: KeycloakSettings & { readonly timeoutMs: number }) {
    this.settings = settings
  }

  async value(): Promise<string> {
    if (this.held !== undefined && performance.now() < this.held.goodUntil) return this.held.value
    this.fetching ??= this.fetch().finally(() => {
      this.fetching = undefined
    })
    return (await this.fetching).value
  }

  /** It was refused. Whoever comes later with the same one throws no newer one away. */
  forget(value: string): void {
    if (this.held?.value === value) this.held = undefined
  }

  private async fetch(): Promise<Token> {
    const { url, realm, clientId, clientSecret, timeoutMs } = this.settings
    const asked = performance.now()
    const client = new KeycloakAdminClient({ baseUrl: url, realmName: realm, timeout: timeoutMs })
    try {
      await client.auth({ grantType: 'client_credentials', clientId, clientSecret })
      const value = client.accessToken ?? ''
      this.held = { value, goodUntil: asked + lifetimeMs(value) * usedUp }
      return this.held
    } catch (error) {
      throw this.refused(error)
    }
  }

  /** The answer's status is about kitter's own client: nobody must take a 404 of it for a user that is gone. */
  private refused(error: unknown): unknown {
    if (!(error instanceof NetworkError) || error.response.status >= 500) return failedQuestion(error)
    const sentence = `Keycloak gives the client ${this.settings.clientId} no token: kitter doctor tells why.`
    return systemRefused('Keycloak', new Error(sentence, { cause: KeycloakAnswer.of(error) }))
  }
}

function lifetimeMs(token: string): number {
  const { exp = 0, iat = 0 } = decodeJwt(token)
  return (exp - iat) * 1000
}
