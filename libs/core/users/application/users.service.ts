import { Injectable } from '@nestjs/common'
import { type Actor, type Page, scopeOf } from '#kernel'
import { type DomainName, domainName, DomainsService } from '#core/domains'
import type { GivenPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import { isUserId, type User, type UserChange, type UserFields } from '../domain/user.ts'
import { administratorProtected, unknownUser } from '../domain/user-errors.ts'
import { userName } from '../domain/user-name.ts'
import { Administrators } from './administrators.ts'
import { Credentials } from './credentials.ts'
import { UserChecks } from './user-checks.ts'
import { UserOperations } from './user-operations.ts'
import { type UserFilter, type UserRecord, UserRecords } from './user-records.ts'

export interface NewUser {
  /** Without a domain, the actor's own: the root, or the domain admin's. */
  readonly fields: Omit<UserFields, 'domain'> & { readonly domain?: DomainName }
  readonly password?: GivenPassword | undefined
  readonly sipMapping?: SipCredential | undefined
}

export interface ChangedUser {
  /** `domain: null` is the actor's own domain again. */
  readonly change: Omit<UserChange, 'domain'> & { readonly domain?: DomainName | null }
  readonly password?: GivenPassword | undefined
}

/** Users as an actor sees them: what is out of the actor's scope isn't there. */
@Injectable()
export class UsersService {
  constructor(
    private readonly records: UserRecords,
    private readonly operations: UserOperations,
    private readonly domains: DomainsService,
    private readonly checks: UserChecks,
    private readonly administrators: Administrators,
    private readonly credentials: Credentials,
  ) {}

  list(
    actor: Actor,
    filter: UserFilter,
    page: Page,
  ): Promise<{ readonly users: readonly User[]; readonly total: number }> {
    return this.records.list(scopeOf(actor), filter, page)
  }

  async read(actor: Actor, id: string): Promise<User> {
    return (await this.record(actor, id)).user
  }

  async find(actor: Actor, domain: string, username: string): Promise<User> {
    const inDomain = domainName(domain)
    const named = userName(username)
    if (inDomain === undefined || named === undefined) throw unknownUser()
    const record = await this.records.findByName(scopeOf(actor), inDomain, named)
    if (record === undefined) throw unknownUser()
    return record.user
  }

  async create(actor: Actor, { fields, password, sipMapping }: NewUser): Promise<User> {
    const domain = await this.domains.resolve(actor, fields.domain, 'user.attributes.domain')
    const user = await this.checks.newUser(fields, domain.name, password)
    return this.operations.create(actor, { user, password, sipMapping })
  }

  async update(actor: Actor, id: string, { change: { domain, ...fields }, password }: ChangedUser): Promise<User> {
    const seen = await this.changeable(actor, id)
    const target =
      domain === undefined ? undefined : await this.domains.resolve(actor, domain ?? undefined, 'attributes.domain')
    const change: UserChange = target === undefined ? fields : { ...fields, domain: target.name }
    await this.checks.changed(seen.user, change, password)
    return this.operations.update(actor, { seen, change, password })
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.changeable(actor, id)
    await this.operations.remove(actor, id)
  }

  async sendResetMail(actor: Actor, id: string): Promise<void> {
    await this.changeable(actor, id)
    await this.credentials.sendResetMail(id)
  }

  /** The user, if the actor may change it: administrators are changed by administrators only. */
  async changeable(actor: Actor, id: string): Promise<UserRecord> {
    const record = await this.record(actor, id)
    if (actor.role !== 'kitter-admin' && (await this.administrators.includes(id))) throw administratorProtected()
    return record
  }

  private async record(actor: Actor, id: string): Promise<UserRecord> {
    const record = isUserId(id) ? await this.records.find(scopeOf(actor), id) : undefined
    if (record === undefined) throw unknownUser()
    return record
  }
}
