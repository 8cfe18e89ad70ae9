import { Injectable } from '@nestjs/common'
import { type Session, SessionControl } from '#core/sessions'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmSessions } from './realm-sessions.ts'

@Injectable()
export class KeycloakSessionControl extends SessionControl {
  constructor(
    private readonly realm: KeycloakRealm,
    private readonly sessions: RealmSessions,
  ) {
    super()
  }

  override active(): AsyncIterable<readonly Session[]> {
    return this.sessions.active()
  }

  override end(sessions: readonly Session[]): Promise<number> {
    return this.sessions.end(sessions)
  }

  /** In one call, which doesn't spare the token that it's made with. */
  override async endAll(): Promise<number> {
    let count = 0
    for await (const page of this.sessions.active()) count += page.length
    await this.realm.change((admin) => admin.realms.logoutAll({ realm: this.realm.name }))
    await this.realm.renewToken()
    return count
  }
}
