import { Injectable } from '@nestjs/common'
import { type Actor, DomainError, kitterItself, ownOnly, seesAll } from '#kernel'
import { type Domain, DomainsService } from '#core/domains'
import { type User, UsersService } from '#core/users'
import { domainIdOf } from '../domain/ids/account-id.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import { foreignAccount } from '../domain/problems/kazoo-errors.ts'
import { type Account, accountOf } from './account.ts'

/** Accounts, which are domains: each user lives in one. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly domains: DomainsService,
    private readonly users: UsersService,
  ) {}

  /** Whoever asks: Kazoo tells everybody which accounts there are. */
  async find(id: string): Promise<Account> {
    const domain = await this.domainWithId(id)
    if (domain === undefined) throw new BadIdentifier(id, 'domain.unknown')
    return accountOf(domain)
  }

  domainWithId(id: string): Promise<Domain | undefined> {
    return this.domains.read(kitterItself, domainIdOf(id) ?? '').catch(undefinedIfUnknown)
  }

  /** The one in which the caller lives; of callers who live nowhere, the one that they have to do with. */
  async own(actor: Actor): Promise<Account> {
    const user = await this.userOf(actor)
    if (user === undefined) return accountOf(await this.domains.resolve(actor, undefined, 'account'))
    return this.of(user)
  }

  async of({ domain: name }: User): Promise<Account> {
    const [domain] = await this.domains.list(kitterItself, { name })
    if (domain === undefined) throw new BadIdentifier(name, 'domain.unknown')
    return accountOf(domain)
  }

  /** Throws where it's none of the caller's. */
  async requireOpen(actor: Actor, { domain }: Account): Promise<void> {
    if (seesAll(actor)) return
    const isOpen = actor.role === ownOnly ? this.isHome(actor, domain) : this.isVisible(actor, domain)
    if (!(await isOpen)) throw foreignAccount()
  }

  private async isHome(actor: Actor, domain: Domain): Promise<boolean> {
    return (await this.userOf(actor))?.domain === domain.name
  }

  private async isVisible(actor: Actor, { id }: Domain): Promise<boolean> {
    return (await this.domains.read(actor, id).catch(undefinedIfUnknown)) !== undefined
  }

  private userOf({ subject }: Actor): Promise<User | undefined> {
    return this.users.read(kitterItself, subject).catch(undefinedIfUnknown)
  }
}

function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof DomainError && error.kind === 'unknown') return undefined
  throw error
}
