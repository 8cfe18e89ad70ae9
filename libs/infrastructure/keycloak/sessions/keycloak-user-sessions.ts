import { Injectable } from '@nestjs/common'
import { UserSessions } from '#core/users'
import { answered } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmSessions } from './realm-sessions.ts'

/**
 * Each session by its id, for Keycloak's own log-out of a user leaves offline sessions: it only declares tokens from
 * earlier seconds stale. It comes last, for those that began meanwhile.
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
      const ended = await this.sessions.end(await this.sessions.ofUser(userId))
      await this.realm.change((admin) => admin.users.logout({ id: userId }))
      return ended
    } catch (error) {
      if (answered(error, 404) !== undefined) return 0
      throw error
    }
  }
}
