import { setTimeout as pause } from 'node:timers/promises'
import KeycloakAdminClient, { NetworkError } from '@keycloak/keycloak-admin-client'
import pLimit, { type LimitFunction } from 'p-limit'
import { issuerOf, type KeycloakSettings } from './keycloak-settings.ts'
import { ServiceToken } from './service-token.ts'
import { translated, wasDropped } from './translate.ts'

export type Call<Answer> = (admin: KeycloakAdminClient) => Promise<Answer>

const tries = 3

/**
 * The realm as kitter's own client sees it: every call has a time-out, waits for its turn, and renews a token that was
 * refused midway. What Keycloak can't do is `service.unavailable`, what it won't `system.refused`; a change without an
 * answer has an unknown outcome.
 */
export class KeycloakRealm {
  readonly name: string
  readonly issuer: string
  private readonly admin: KeycloakAdminClient
  private readonly token: ServiceToken
  private readonly inTurn: LimitFunction

  constructor(settings: KeycloakSettings) {
    const { url, realm, timeoutMs = 10_000, inFlight = 16 } = settings
    this.name = realm
    this.issuer = issuerOf(settings)
    this.token = new ServiceToken({ ...settings, timeoutMs })
    this.admin = new KeycloakAdminClient({ baseUrl: url, realmName: realm, timeout: timeoutMs })
    this.admin.registerTokenProvider({ getAccessToken: () => this.token.value() })
    this.inTurn = pLimit(inFlight)
  }

  /** Asks for something, and again where that may help. */
  ask<Answer>(question: Call<Answer>): Promise<Answer> {
    return this.repeated(question, 'question', (error) => isFaltering(error) || wasDropped(error))
  }

  /**
   * Makes a change that comes to the same when it is made twice, as by one that was made while its answer was lost. A 500
   * is an undone transaction of Keycloak's, which two changes at once may cause.
   */
  change<Answer>(change: Call<Answer>): Promise<Answer> {
    return this.repeated(change, 'change', (error) => isFaltering(error) || wasDropped(error))
  }

  /** Makes a change that is made twice when it's sent twice, such as sending a mail. */
  changeOnce<Answer>(change: Call<Answer>): Promise<Answer> {
    return this.repeated(change, 'change', () => false)
  }

  /** Rejects when Keycloak doesn't answer kitter's client. */
  async ping(): Promise<void> {
    await this.ask((admin) => admin.users.count({ username: 'kitter' }))
  }

  /** After it was ended together with everybody's sessions. */
  async renewToken(): Promise<void> {
    this.token.forget(await this.token.value())
  }

  private async repeated<Answer>(
    call: Call<Answer>,
    kind: 'question' | 'change',
    isWorthwhile: (error: unknown) => boolean,
  ): Promise<Answer> {
    for (let left = tries - 1; ; left--) {
      try {
        return requireJson(await this.inTurn(() => this.authorized(call)))
      } catch (error) {
        if (left === 0 || !isWorthwhile(error)) throw translated(error, kind)
      }
      await pause(50 + Math.random() * 150)
    }
  }

  /** A token may end before its time, as with everybody's sessions: what was refused for it was not done. */
  private async authorized<Answer>(call: Call<Answer>): Promise<Answer> {
    const token = await this.token.value()
    try {
      return await call(this.admin)
    } catch (error) {
      if (!(error instanceof NetworkError) || error.response.status !== 401) throw error
      this.token.forget(token)
      return await call(this.admin)
    }
  }
}

/** Keycloak answers with JSON or nothing; the client gives other texts as they are. */
function requireJson<Answer>(answer: Answer): Answer {
  if (typeof answer === 'string' && answer !== '') throw new SyntaxError('the answer is not JSON')
  return answer
}

function isFaltering(error: unknown): boolean {
  return error instanceof NetworkError && error.response.status === 500
}
