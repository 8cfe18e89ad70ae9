import { Injectable } from '@nestjs/common'
import { UserSessions } from '#core/users'
import { isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmSessions } from './realm-sessions.ts'

/**
 * Keycloak's own log-out of a user leaves offline sessions: it only declares tokens from earlier seconds stale. So those
 * end by their ids, and it comes last, for those that began meanwhile.
 */
@Injectable()
export class KeycloakUserSessions extends UserSessions {
  constructor(
    private readonly realm: KeycloakRealm,
    private readonly sessions: RealmSessions,
  ) {
    super()
  }

  override async end(userId: string): Promise<number> {
    try {
      const sessions = await this.sessions.ofUser(userId)
      const offline = sessions.filter((session) => session.offline)
      const ended = await this.sessions.end(offline)
      await this.realm.change((admin) => admin.users.logout({ id: userId }))
      return ended + sessions.length - offline.length
    } catch (error) {
      if (isMissing(error, 'user')) return 0
      throw error
    }
  }
}
