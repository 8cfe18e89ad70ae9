import { setTimeout as pause } from 'node:timers/promises'
import KeycloakAdminClient, { NetworkError } from '@keycloak/keycloak-admin-client'
import { Places, systemUnavailable } from '#kernel'
import type { KeycloakSettings } from './keycloak-settings.ts'
import { ServiceToken } from './service-token.ts'
import { failedChange, failedQuestion, NoJson, wasDropped } from './translate.ts'

/** `isRepeated`: it was sent before, and what came of that isn't known, or was undone. */
type Call<Answer> = (admin: KeycloakAdminClient, isRepeated: boolean) => Promise<Answer>

export interface Sending {
  /** It was sent before, together with others, and what came of that isn't known. */
  readonly wasSent?: boolean
  /** A 500 is an undone transaction of Keycloak's, which two changes at once may cause. */
  readonly repeatAfter?: 'drop or 500' | 'drop'
}

const tries = 3

/**
 * The realm as kitter's own client sees it: every call has a time-out, waits for its turn, and renews a token that was
 * refused midway. What Keycloak can't do is `service.unavailable`, what it won't `system.refused`; a change that may have
 * been made without an answer has an unknown outcome.
 */
export class KeycloakRealm {
  readonly name: string
  /** By which kitter works there. */
  readonly clientId: string
  private readonly admin: KeycloakAdminClient
  private readonly token: ServiceToken
  /** How long one call may take. */
  readonly timeoutMs: number
  private readonly places: Places

  constructor(settings: KeycloakSettings) {
    const { url, realm, clientId, timeoutMs = 10_000, inFlight = 16 } = settings
    this.name = realm
    this.clientId = clientId
    this.timeoutMs = timeoutMs
    this.token = new ServiceToken({ ...settings, timeoutMs })
    this.admin = new KeycloakAdminClient({ baseUrl: url, realmName: realm, timeout: timeoutMs })
    this.admin.registerTokenProvider({ getAccessToken: () => this.token.value() })
    this.places = new Places(inFlight, timeoutMs / 2)
  }

  /** Asks for something, and again where that may help. */
  async ask<Answer>(question: Call<Answer>): Promise<Answer> {
    try {
      return await this.repeated(question, {}, () => undefined)
    } catch (error) {
      throw failedQuestion(error)
    }
  }

  /**
   * Makes a change that comes to the same when it is made twice, as by one that was made while its answer was lost.
   */
  async change<Answer>(change: Call<Answer>, sending: Sending = {}): Promise<Answer> {
    let { wasSent: maybeDone = false } = sending
    try {
      return await this.repeated(change, sending, (error) => (maybeDone ||= wasDropped(error)))
    } catch (error) {
      throw failedChange(error, maybeDone)
    }
  }

  /** Makes a change that is made twice when it's sent twice, such as sending a mail. */
  async changeOnce<Answer>(change: Call<Answer>): Promise<Answer> {
    try {
      return await this.inTurn(change, false)
    } catch (error) {
      throw failedChange(error, false)
    }
  }

  /** Rejects when Keycloak doesn't answer kitter's client. */
  async ping(): Promise<void> {
    await this.ask((admin) => admin.users.count({ username: 'kitter' }))
  }

  /** After it was ended together with everybody's sessions. */
  async renewToken(): Promise<void> {
    this.token.forget(await this.token.value())
  }

  /** Once more where the connection broke, or two changes met; not for longer than one call may take. */
  private async repeated<Answer>(
    call: Call<Answer>,
    { wasSent = false, repeatAfter = 'drop or 500' }: Sending,
    onFailure: (error: unknown) => void,
  ): Promise<Answer> {
    const isWorthwhile = (error: unknown): boolean => wasDropped(error) || (repeatAfter !== 'drop' && isUndone(error))
    const deadline = performance.now() + this.timeoutMs
    for (let left = tries - 1; ; left--) {
      try {
        return await this.inTurn(call, wasSent || left < tries - 1)
      } catch (error) {
        onFailure(error)
        if (left === 0 || performance.now() > deadline || !isWorthwhile(error)) throw error
      }
      await pause(50 + Math.random() * 150)
    }
  }

  private inTurn<Answer>(call: Call<Answer>, isRepeated: boolean): Promise<Answer> {
    return this.places.take(() => this.authorized(call, isRepeated), crowded)
  }

  /** A token may end before its time, as with everybody's sessions: what was refused for it was not done. */
  private async authorized<Answer>(call: Call<Answer>, isRepeated: boolean): Promise<Answer> {
    const token = await this.token.value()
    try {
      return requireJson(await call(this.admin, isRepeated))
    } catch (error) {
      if (!(error instanceof NetworkError) || error.response.status !== 401) throw error
      this.token.forget(token)
      return requireJson(await call(this.admin, isRepeated))
    }
  }
}

/** Whoever finds no place in time learns this: nothing was sent. */
function crowded(): Error {
  return systemUnavailable('Keycloak', new Error('no place was free'))
}

/** Keycloak answers with JSON or nothing; the client gives other texts as they are. */
function requireJson<Answer>(answer: Answer): Answer {
  if (typeof answer === 'string' && answer !== '') throw new NoJson()
  return answer
}

function isUndone(error: unknown): boolean {
  return error instanceof NetworkError && error.response.status === 500
}
