import { Injectable } from '@nestjs/common'
import { type Actor, DomainError, invalid } from '#kernel'
import { type DomainName, DomainsService } from '#core/domains'
import { type ChangedUser, LoginNames, type NewUser, type User, UserRecords, UsersService } from '#core/users'
import type { DescribedUser } from './user-rows.ts'

type Fields = NewUser['fields']

/** The user that a row describes, where it's there already. */
@Injectable()
export class ExistingUser {
  constructor(
    private readonly users: UsersService,
    private readonly records: UserRecords,
    private readonly domains: DomainsService,
    private readonly loginNames: LoginNames,
  ) {}

  /** In the domain that the row names, and in the actor's scope. */
  async find(actor: Actor, fields: Pick<Fields, 'username' | 'domain'>): Promise<User | undefined> {
    try {
      return await this.users.find(actor, await this.domainOf(actor, fields), fields.username)
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unknown') return undefined
      throw error
    }
  }

  /** Whether the name is somebody's whom the row can't mean. */
  async isElsewhere(actor: Actor, fields: Fields): Promise<boolean> {
    const domain = await this.domainOf(actor, fields)
    const owner = await this.records.ownerOfLogin(this.loginNames.of({ username: fields.username, domain }))
    return owner !== undefined && (await this.find(actor, fields)) === undefined
  }

  /** Throws where the row says what no update can. */
  changeOf(change: DescribedUser['change']): ChangedUser {
    if ('problems' in change) throw invalid(change.problems)
    return change
  }

  /** Where the user is to live. */
  async domainOf(actor: Actor, { domain }: Pick<Fields, 'domain'>): Promise<DomainName> {
    return domain ?? (await this.domains.resolve(actor, undefined, 'user.attributes.domain')).name
  }
}
