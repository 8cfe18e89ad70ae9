import { Injectable } from '@nestjs/common'
import pLimit from 'p-limit'
import type { Session } from '#core/sessions'
import { type ClientStat, read } from '../realm/answer-shapes.ts'
import { isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { pageThrough, type Paging } from './page-through.ts'

const endedAtOnce = 8
const paging: Paging = { pageSize: 500, overlap: 50 }

/** Keycloak lists sessions by client only, and online and offline ones apart. */
@Injectable()
export class RealmSessions {
  constructor(private readonly realm: KeycloakRealm) {}

  /** Each once, however many clients it spans. */
  async *active(): AsyncGenerator<readonly Session[]> {
    const seen = new Set<string>()
    const fresh = (session: Session): boolean => {
      const key = `${session.offline ? 'offline' : 'online'} ${session.id}`
      return !seen.has(key) && seen.add(key).size > 0
    }
    for (const { id, active, offline } of await this.clients()) {
      if (active > 0) for await (const page of this.ofClient(id, false)) yield page.filter(fresh)
      if (offline > 0) for await (const page of this.ofClient(id, true)) yield page.filter(fresh)
    }
  }

  async ofUser(userId: string): Promise<readonly Session[]> {
    const [online, clients] = await Promise.all([
      this.realm.ask((admin) => admin.users.listSessions({ id: userId })),
      this.clients(),
    ])
    const offline = await Promise.all(
      clients.filter((client) => client.offline > 0).map((client) => this.offlineOf(userId, client.id)),
    )
    const unique = new Map(offline.flat().map((session) => [session.id, session]))
    return [...read('sessions', online).map(({ id }) => ({ id, userId, offline: false })), ...unique.values()]
  }

  /** How many of them were still there. */
  async end(sessions: readonly Session[]): Promise<number> {
    // some at a time: others need Keycloak meanwhile. With the first that fails, those that wait are given up
    const inTurn = pLimit({ concurrency: endedAtOnce, rejectOnClear: true })
    const ending = sessions.map((session) => inTurn(() => this.endOne(session)))
    try {
      return (await Promise.all(ending)).filter(Boolean).length
    } catch (error) {
      inTurn.clearQueue()
      await Promise.allSettled(ending)
      throw error
    }
  }

  private async endOne({ id, offline }: Session): Promise<boolean> {
    try {
      await this.realm.change((admin) =>
        admin.realms.deleteSession({ realm: this.realm.name, session: id, isOffline: offline }),
      )
      return true
    } catch (error) {
      if (isMissing(error, 'session')) return false
      throw error
    }
  }

  private async clients(): Promise<readonly ClientStat[]> {
    return read(
      'stats',
      await this.realm.ask((admin) => admin.realms.getClientSessionStats({ realm: this.realm.name })),
    )
  }

  private async *ofClient(id: string, offline: boolean): AsyncGenerator<readonly Session[]> {
    const pageFrom = async (first: number, max: number): Promise<readonly Session[]> => {
      const answer = await this.realm.ask((admin) =>
        offline
          ? admin.clients.listOfflineSessions({ id, first, max })
          : admin.clients.listSessions({ id, first, max }),
      )
      return read('sessions', answer).map((session) => ({ ...session, offline }))
    }
    yield* pageThrough(pageFrom, paging)
  }

  private async offlineOf(userId: string, clientId: string): Promise<readonly Session[]> {
    const answer = await this.realm.ask((admin) => admin.users.listOfflineSessions({ id: userId, clientId }))
    return read('sessions', answer).map(({ id }) => ({ id, userId, offline: true }))
  }
}
