import { Injectable } from '@nestjs/common'
import { type Actor, DomainError, kitterItself, ownOnly, seesAll } from '#kernel'
import { type Domain, domainName, type DomainName, DomainsService, PlatformDomains } from '#core/domains'
import { type User, UsersService } from '#core/users'
import { domainIdOf } from '../domain/ids/account-id.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import { foreignAccount } from '../domain/problems/kazoo-errors.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { required } from '../domain/problems/found-problems.ts'
import { InvalidDocument } from '../domain/problems/invalid-document.ts'
import type { SignInRequest } from '../domain/signing-in/sign-in-request.ts'
import { type Account, accountOf } from './account.ts'
import { SignInPlaces } from './sign-in-places.ts'

type AccountNames = Pick<SignInRequest, 'accountName' | 'accountRealm' | 'phoneNumber'>

/** Accounts, which are domains: each user lives in one. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly domains: DomainsService,
    private readonly users: UsersService,
    private readonly platform: PlatformDomains,
    private readonly places: SignInPlaces,
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

  /** Which account somebody means who signs in from this network; nobody is told whether there is such a one. */
  async named({ accountName, accountRealm, phoneNumber }: AccountNames, network: string): Promise<readonly Domain[]> {
    const name = accountName ?? accountRealm
    if (name !== undefined) return this.domainsCalled(domainName(name.toLowerCase()))
    if (phoneNumber === undefined) throw new InvalidDocument([required(['account_name'])])
    const names = await this.places.withNumber(phoneNumber, network)
    return (await Promise.all(names.map((each) => this.domainsCalled(each)))).flat()
  }

  /** The same by its id. */
  async withId(id: string): Promise<readonly Domain[]> {
    const domain = await this.domains.read(kitterItself, domainIdOf(id) ?? '').catch(undefinedIfUnknown)
    return domain === undefined ? [] : [domain]
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
    if (!(await isOpen)) throw foreignAccount()
  }

  private async isHome(actor: Actor, domain: Domain): Promise<boolean> {
    return (await this.userOf(actor))?.domain === domain.name
  }

  private isVisible(actor: Actor, { id }: Domain): Promise<boolean> {
    return this.domains.read(actor, id).then(() => true, falseIfUnknown)
  }

  private userOf({ subject }: Actor): Promise<User | undefined> {
    return this.users.read(kitterItself, subject).catch(undefinedIfUnknown)
  }

  private async domainsCalled(name: DomainName | undefined): Promise<readonly Domain[]> {
    return name === undefined ? [] : this.domains.list(kitterItself, { name })
  }

  private async domainOf({ domain: name }: User): Promise<Domain> {
    const [domain] = await this.domainsCalled(name)
    if (domain === undefined) throw new BadIdentifier(name, 'domain.unknown')
    return domain
  }
}

function falseIfUnknown(error: unknown): false {
  if (isUnknown(error)) return false
  throw error
}

function undefinedIfUnknown(error: unknown): undefined {
  if (isUnknown(error)) return undefined
  throw error
}

function isUnknown(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unknown'
}
