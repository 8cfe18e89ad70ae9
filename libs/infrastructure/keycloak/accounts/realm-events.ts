import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { Injectable } from '@nestjs/common'
import { systemRefused } from '#kernel'
import { read } from '../realm/answer-shapes.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import type { AccountEvent } from './event-feed.ts'

/** How events are asked for. The admin client knows neither `direction` nor a time of day. */
interface EventQuery {
  readonly realm: string
  readonly direction: 'asc' | 'desc'
  readonly first: number
  readonly max: number
  readonly dateFrom?: string
  readonly resourcePath?: string
  readonly resourceTypes?: readonly string[]
  readonly operationTypes?: readonly string[]
  readonly type?: readonly string[]
}

type Page = Pick<EventQuery, 'direction' | 'first' | 'max' | 'dateFrom'>

/** Imported users are said to be of the realm. What happens to sessions and passwords is an `ACTION`. */
const ofAccounts = {
  resourcePath: 'users/*',
  resourceTypes: ['USER', 'REALM'],
  operationTypes: ['CREATE', 'UPDATE', 'DELETE'],
} as const

/** By which users change what kitter knows of them, or Keycloak does. One that Keycloak doesn't know is a 500. */
const byUsers = [
  'DELETE_ACCOUNT',
  'REGISTER',
  'UPDATE_EMAIL',
  'UPDATE_PROFILE',
  'USER_DISABLED_BY_PERMANENT_LOCKOUT',
  'VERIFY_EMAIL',
] as const

/** What the realm recorded of its accounts. */
@Injectable()
export class RealmEvents {
  constructor(private readonly realm: KeycloakRealm) {}

  /** What administrators did: all but kitter, by the id of its client. */
  async ofAdministrators(page: Page, ownClient: string): Promise<readonly AccountEvent[]> {
    const answer = await this.ask('/{realm}/admin-events', { ...page, ...ofAccounts })
    return read('adminEvents', answer).map(({ id, time, resourcePath, authDetails }) => {
      const accountId = authDetails.clientId === ownClient ? undefined : /^users\/([^/]+)/.exec(resourcePath)?.[1]
      return { id, time, accountId }
    })
  }

  /** What users did to themselves. */
  async ofUsers(page: Page): Promise<readonly AccountEvent[]> {
    const answer = await this.ask('/{realm}/events', { ...page, type: byUsers })
    return read('userEvents', answer).map(({ id, time, userId }) => ({ id, time, accountId: userId }))
  }

  async areKept(): Promise<boolean> {
    const { name: realm } = this.realm
    const answer = await this.realm.ask((admin) => admin.realms.getConfigEvents({ realm }))
    const { eventsEnabled, adminEventsEnabled } = read('eventsConfig', answer)
    return eventsEnabled && adminEventsEnabled
  }

  /** The id in Keycloak of kitter's own client. */
  async ownClient(): Promise<string> {
    const { clientId } = this.realm
    const found = read('clients', await this.realm.ask((admin) => admin.clients.find({ clientId })))
    const own = found.find((client) => client.clientId === clientId)
    if (own === undefined) throw systemRefused('Keycloak', new Error('kitter can not see its own client'))
    return own.id
  }

  private ask(path: string, query: Omit<EventQuery, 'realm'>): Promise<unknown> {
    const { name: realm } = this.realm
    return this.realm.ask((admin: KeycloakAdminClient) =>
      admin.realms.makeRequest<EventQuery, unknown>({ method: 'GET', path, urlParamKeys: ['realm'] })({
        ...query,
        realm,
      }),
    )
  }
}
