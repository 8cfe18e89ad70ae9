import { Injectable } from '@nestjs/common'
import type { Actor } from '#kernel'
import { DomainsService } from '#core/domains'
import { UserSessions, UsersService } from '#core/users'
import type { Session } from '../domain/session.ts'
import { DomainMembers } from './domain-members.ts'
import { FurtherSessions } from './further-sessions.ts'
import { SessionControl } from './session-control.ts'

/** Logging people out. Each says how many sessions it ended. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly users: UsersService,
    private readonly domains: DomainsService,
    private readonly userSessions: UserSessions,
    private readonly control: SessionControl,
    private readonly members: DomainMembers,
    private readonly further: FurtherSessions,
  ) {}

  async logOutUser(actor: Actor, id: string): Promise<number> {
    const { user } = await this.users.changeable(actor, id)
    return (await this.further.endOf(user.id)) + (await this.userSessions.end(user.id))
  }

  /** The domain itself, without its subdomains. Costs what its active sessions cost, however many users it has. */
  async logOutDomain(actor: Actor, id: string): Promise<number> {
    const domain = await this.domains.read(actor, id)
    const ended = await this.further.endOfDomain(domain.name)
    const active = await this.activeSessions()
    const users = new Set(active.map(({ userId }) => userId))
    const members = new Set(await this.members.among(domain.name, [...users]))
    return ended + (await this.control.end(active.filter(({ userId }) => members.has(userId))))
  }

  async logOutRealm(): Promise<number> {
    return (await this.further.endAll()) + (await this.control.endAll())
  }

  /** All of them before the first is ended: ending while paging would skip some. */
  private async activeSessions(): Promise<Session[]> {
    const active: Session[] = []
    for await (const sessions of this.control.active()) active.push(...sessions)
    return active
  }
}
