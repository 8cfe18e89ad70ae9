import { Injectable } from '@nestjs/common'
import type { Actor } from '#kernel'
import { type DomainName, DomainsService } from '#core/domains'
import { LoginNames } from '../domain/login-names.ts'
import { type User, type UserChange } from '../domain/user.ts'
import { userNameTaken } from '../domain/user-errors.ts'
import { CommunicationsUsers } from './communications-users.ts'
import { requireFreeNames } from './free-names.ts'
import { IdentityDirectory } from './identity-directory.ts'
import { UserChecks } from './user-checks.ts'
import { UserRecords } from './user-records.ts'
import type { ChangedUser, NewUser } from './users.service.ts'

/** What would become of a change of a user: refuses what the change would be refused for, as far as that can be looked at. */
@Injectable()
export class UserTrial {
  constructor(
    private readonly domains: DomainsService,
    private readonly checks: UserChecks,
    private readonly records: UserRecords,
    private readonly loginNames: LoginNames,
    private readonly communications: CommunicationsUsers,
    private readonly directory: IdentityDirectory,
  ) {}

  /** `coming` is a domain that will be there by then. */
  async create(actor: Actor, { fields, password }: NewUser, coming?: DomainName): Promise<User> {
    const domain = coming ?? (await this.domains.resolve(actor, fields.domain, 'user.attributes.domain')).name
    const user = await this.checks.newUser(fields, domain, password)
    const loginName = this.loginNames.of(user)
    await requireFreeNames(this.records, user, loginName)
    await this.requireFreeElsewhere(user, loginName)
    return user
  }

  /** The user as it would be. */
  async update(actor: Actor, user: User, { change, password }: ChangedUser, coming?: DomainName): Promise<User> {
    const { domain, ...fields } = change
    const target =
      domain === undefined || domain === user.domain
        ? user.domain
        : (coming ?? (await this.domains.resolve(actor, domain ?? undefined, 'attributes.domain')).name)
    const changes: UserChange = { ...fields, domain: target }
    const after = await this.checks.changed(user, changes, password)
    await requireFreeNames(this.records, after, this.loginNames.of(after))
    return after
  }

  /** Of accounts and users that kitter doesn't know. */
  private async requireFreeElsewhere({ domain, username }: User, loginName: string): Promise<void> {
    const others = await Promise.all([
      this.directory.findByLoginName(loginName),
      this.communications.findByName(domain, username),
    ])
    if (others.some((other) => other !== undefined)) throw userNameTaken()
  }
}
