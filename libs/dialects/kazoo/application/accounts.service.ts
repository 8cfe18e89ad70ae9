import { Injectable } from '@nestjs/common'
import { type Actor, DomainError, kitterItself, ownOnly, seesAll } from '#kernel'
import { type Domain, domainName, type DomainName, DomainsService, PlatformDomains } from '#core/domains'
import { type User, UsersService } from '#core/users'
import { domainIdOf } from '../domain/ids/account-id.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import { ForeignAccount } from '../domain/problems/foreign-account.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { required } from '../domain/problems/found-problems.ts'
import { InvalidDocument } from '../domain/problems/invalid-document.ts'
import type { SignInRequest } from '../domain/signing-in/sign-in-request.ts'
import { type Account, accountOf } from './account.ts'

type AccountNames = Pick<SignInRequest, 'accountName' | 'accountRealm' | 'phoneNumber'>

/** Accounts, which are domains: each user lives in one. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly domains: DomainsService,
    private readonly users: UsersService,
    private readonly platform: PlatformDomains,
  ) {}

  /** Whoever asks: Kazoo tells everybody which accounts there are. */
  async find(id: string): Promise<Account> {
    try {
      return accountOf(await this.domains.read(kitterItself, domainIdOf(id) ?? ''))
    } catch (error) {
      throw isUnknown(error) ? new BadIdentifier(id, 'domain.unknown') : error
    }
  }

  /** The one in which the caller lives; of callers who live nowhere, the one that they have to do with. */
  async own(actor: Actor): Promise<Account> {
    const user = await this.userOf(actor)
    if (user === undefined) return accountOf(await this.domains.resolve(actor, undefined, 'account'))
    return accountOf(await this.domainOf(user))
  }

  /** What somebody who signs in calls the account; nobody is told whether there is such a one. */
  async domainNamed({ accountName, accountRealm, phoneNumber }: AccountNames): Promise<DomainName | undefined> {
    const name = accountName ?? accountRealm
    if (name !== undefined) return domainName(name.toLowerCase())
    if (phoneNumber === undefined) throw new InvalidDocument([required(['account_name'])])
    const { users } = await this.users.list(kitterItself, { exact: true, phoneNumber }, { max: 2, page: 0 })
    const [domain, ...others] = [...new Set(users.map((user) => user.domain))]
    return others.length === 0 ? domain : undefined
  }

  /** What is told to a user who has signed in. */
  async told(user: User): Promise<JsonObject> {
    const [account, [top]] = await Promise.all([
      this.domainOf(user),
      this.domains.list(kitterItself, { name: this.platform.root }),
    ])
    const id = accountOf(account).id
    const reseller = top === undefined ? id : accountOf(top).id
    return { account_id: id, apps: [], is_reseller: id === reseller, language: 'en-us', reseller_id: reseller }
  }

  /** Throws where it's none of the caller's. */
  async requireOpen(actor: Actor, { domain }: Account): Promise<void> {
    if (seesAll(actor)) return
    const isOpen = actor.role === ownOnly ? this.isHome(actor, domain) : this.isVisible(actor, domain)
    if (!(await isOpen)) throw new ForeignAccount()
  }

  private async isHome(actor: Actor, domain: Domain): Promise<boolean> {
    return (await this.userOf(actor))?.domain === domain.name
  }

  private isVisible(actor: Actor, { id }: Domain): Promise<boolean> {
    return this.domains.read(actor, id).then(() => true, ignoreUnknown)
  }

  private userOf({ subject }: Actor): Promise<User | undefined> {
    return this.users.read(kitterItself, subject).catch(ignoreUnknownUser)
  }

  private async domainOf({ domain: name }: User): Promise<Domain> {
    const [domain] = await this.domains.list(kitterItself, { name })
    if (domain === undefined) throw new BadIdentifier(name, 'domain.unknown')
    return domain
  }
}

function ignoreUnknown(error: unknown): false {
  if (isUnknown(error)) return false
  throw error
}

function ignoreUnknownUser(error: unknown): undefined {
  if (isUnknown(error)) return undefined
  throw error
}

function isUnknown(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unknown'
}
