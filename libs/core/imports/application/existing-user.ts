import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { type Actor, invalid, scopeOf } from '#kernel'
import { type DomainName, DomainsService } from '#core/domains'
import { Provisioning } from '#core/provisioning'
import { LoginNames, type NewUser, takesLoginName, type User, UserRecords } from '#core/users'
import type { ChangeOfUser, DescribedUser } from './user-rows.ts'

type Fields = NewUser['fields']

/** The user that a row describes, where it's there already. */
@Injectable()
export class ExistingUser {
  constructor(
    private readonly records: UserRecords,
    private readonly domains: DomainsService,
    private readonly loginNames: LoginNames,
    private readonly provisioning: Provisioning,
  ) {}

  /** In the domain that the row names, and in the actor's scope. */
  async find(actor: Actor, fields: Pick<Fields, 'username' | 'domain'>): Promise<User | undefined> {
    const domain = await this.domainOf(actor, fields)
    return (await this.records.findByName(scopeOf(actor), domain, fields.username))?.user
  }

  /** The same of a name that is taken: somebody may just be creating the user, as another import of the same file. */
  async awaited(actor: Actor, fields: Fields): Promise<User | undefined> {
    const loginName = this.loginNames.of({ username: fields.username, domain: await this.domainOf(actor, fields) })
    const isThere = (await this.records.ownerOfLogin(loginName)) !== undefined
    if (isThere) return this.find(actor, fields)
    // without a word for whom it's taken from, the claim waits for its turn
    const { taken: _, ...claim } = takesLoginName(loginName)
    return this.provisioning.hold(actor, { subject: randomUUID(), claims: [claim] }, () => this.find(actor, fields))
  }

  /** Throws where the row says what no update can. */
  changeOf(change: DescribedUser['change']): ChangeOfUser {
    if ('problems' in change) throw invalid(change.problems)
    return change
  }

  /** Where the user is to live. */
  async domainOf(actor: Actor, { domain }: Pick<Fields, 'domain'>): Promise<DomainName> {
    return domain ?? (await this.domains.resolve(actor, undefined, 'user.attributes.domain')).name
  }
}
