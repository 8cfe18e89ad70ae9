import { Injectable } from '@nestjs/common'
import { type Actor, type Page, scopeOf } from '#kernel'
import { type DomainName, domainName, DomainsService } from '#core/domains'
import type { GivenPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import type { User, UserChange, UserFields } from '../domain/user.ts'
import { unknownUser } from '../domain/user-errors.ts'
import type { UserExtension } from '../domain/user-extension.ts'
import { userName } from '../domain/user-name.ts'
import { Credentials } from './credentials.ts'
import { requireOwnChange } from './own-change.ts'
import { UserChecks } from './user-checks.ts'
import { type DecidedUpdate, UserOperations, type UserUpdate } from './user-operations.ts'
import { type UserFilter, type UserRecord, UserRecords } from './user-records.ts'
import { type SeenRecord, type SeenUser, UserSight } from './user-sight.ts'

export interface NewUser {
  /** Without a domain, the actor's own: the root, or the domain admin's. */
  readonly fields: Omit<UserFields, 'domain'> & { readonly domain?: DomainName }
  readonly password?: GivenPassword | undefined
  readonly sipMapping?: SipCredential | undefined
  readonly extension?: UserExtension | undefined
}

export interface ChangedUser {
  /** `domain: null` is the actor's own domain again. */
  readonly change: Omit<UserChange, 'domain'> & { readonly domain?: DomainName | null }
  readonly password?: GivenPassword | undefined
  readonly extension?: UserExtension | undefined
}

/** A change that depends on what is there: a merge, or one that is made only if the user is still as somebody saw it. */
export interface UserDecision {
  /** Whose extension document it sees, and may change; none where no dialect is named. */
  readonly dialect?: string | undefined
  /**
   * Asked once for what is to be claimed, and again under the claims, where nobody else changes the user: it must do nothing
   * else. What it throws is the refusal, and nothing is done then.
   */
  decide(seen: SeenUser): ChangedUser | Promise<ChangedUser>
}

/** The same for a removal. */
export interface UserRemovalDecision {
  readonly dialect: string
  /** Asked as often. */
  decide(seen: SeenUser): void
}

/** Users as an actor sees them: what is out of the actor's scope isn't there. */
@Injectable()
export class UsersService {
  constructor(
    private readonly records: UserRecords,
    private readonly sight: UserSight,
    private readonly operations: UserOperations,
    private readonly domains: DomainsService,
    private readonly checks: UserChecks,
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
    return (await this.sight.record(actor, id)).user
  }

  /** The user with the dialect's document. Who has none of the roles sees one user: their own. */
  async see(actor: Actor, id: string, dialect: string): Promise<SeenUser> {
    return seenUserOf(await this.sight.see(actor, id, dialect))
  }

  async find(actor: Actor, domain: string, username: string): Promise<User> {
    const inDomain = domainName(domain)
    const named = userName(username)
    if (inDomain === undefined || named === undefined) throw unknownUser()
    const record = await this.records.findByName(scopeOf(actor), inDomain, named)
    if (record === undefined) throw unknownUser()
    return record.user
  }

  async create(actor: Actor, { fields, password, sipMapping, extension }: NewUser): Promise<User> {
    const domain = await this.domains.resolve(actor, fields.domain, 'user.attributes.domain')
    const user = await this.checks.newUser(fields, domain.name, password)
    if (extension !== undefined) this.checks.requireStorable(extension)
    return this.operations.create(actor, { user, password, sipMapping, extension })
  }

  async update(actor: Actor, id: string, change: ChangedUser): Promise<User> {
    const seen = await this.sight.changeable(actor, id)
    const decided = await this.decided(actor, seen.user, change)
    const update: UserUpdate = {
      seen,
      decided,
      dialect: change.extension?.dialect,
      decide: () => Promise.resolve(decided),
    }
    return this.operations.update(actor, update, ({ user }) => user)
  }

  /** Gives back what has become of the user. Who has none of the roles can change their own. */
  async updateBy(actor: Actor, id: string, decision: UserDecision): Promise<SeenUser> {
    const { dialect } = decision
    const seen = await this.sight.seeChangeable(actor, id, dialect)
    const asked = async (now: SeenRecord): Promise<DecidedUpdate> =>
      this.decided(actor, now.record.user, await decision.decide(seenUserOf(now)))
    const update: UserUpdate = { seen: seen.record, decided: await asked(seen), decide: asked, dialect }
    return this.operations.update(actor, update, (after) => after)
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.changeable(actor, id)
    await this.operations.remove(actor, id, { resultOf: () => undefined })
  }

  /** Gives back what the user was. */
  async removeBy(actor: Actor, id: string, decision: UserRemovalDecision): Promise<SeenUser> {
    await this.changeable(actor, id)
    const { dialect } = decision
    const asked = (now: SeenRecord): void => decision.decide(seenUserOf(now))
    asked(await this.sight.see(actor, id, dialect))
    return this.operations.remove(actor, id, { dialect, decide: asked, resultOf: seenUserOf })
  }

  async sendResetMail(actor: Actor, id: string): Promise<void> {
    await this.changeable(actor, id)
    await this.credentials.sendResetMail(id)
  }

  /** With what a dialect knows of them, if the actor may change them; who has none of the roles can change their own. */
  async seeChangeable(actor: Actor, id: string, dialect: string): Promise<SeenUser> {
    return seenUserOf(await this.sight.seeChangeable(actor, id, dialect))
  }

  /** The user, if the actor may change it: administrators are changed by administrators only. */
  changeable(actor: Actor, id: string): Promise<UserRecord> {
    return this.sight.changeable(actor, id)
  }

  /** What it comes to for the user as it is, with everything that can be wrong with it checked. */
  private async decided(
    actor: Actor,
    user: User,
    { change: { domain, ...fields }, password, extension }: ChangedUser,
  ): Promise<DecidedUpdate> {
    requireOwnChange(actor, user, { change: { ...fields, ...(domain && { domain }) }, password })
    const target =
      domain === undefined ? undefined : await this.domains.resolve(actor, domain ?? undefined, 'attributes.domain')
    const change: UserChange = target === undefined ? fields : { ...fields, domain: target.name }
    await this.checks.changed(user, change, password)
    if (extension !== undefined) this.checks.requireStorable(extension)
    return { change, password, extension }
  }
}

function seenUserOf({ record, extension }: SeenRecord): SeenUser {
  return { user: record.user, extension }
}
