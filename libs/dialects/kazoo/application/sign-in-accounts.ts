import { Injectable } from '@nestjs/common'
import { kitterItself } from '#kernel'
import { type Domain, domainName, type DomainName, DomainsService, PlatformDomains } from '#core/domains'
import type { User } from '#core/users'
import type { JsonObject } from '../domain/json-object.ts'
import { required } from '../domain/problems/found-problems.ts'
import { InvalidDocument } from '../domain/problems/invalid-document.ts'
import type { SignInRequest } from '../domain/signing-in/sign-in-request.ts'
import { accountOf } from './account.ts'
import { AccountsService } from './accounts.service.ts'
import { SignInPlaces } from './sign-in-places.ts'

type AccountNames = Pick<SignInRequest, 'accountName' | 'accountRealm' | 'phoneNumber'>

/** The accounts of those who sign in; nobody is told before whether there is such a one. */
@Injectable()
export class SignInAccounts {
  constructor(
    private readonly accounts: AccountsService,
    private readonly domains: DomainsService,
    private readonly platform: PlatformDomains,
    private readonly places: SignInPlaces,
  ) {}

  /** Which somebody means who signs in from this network. */
  async named({ accountName, accountRealm, phoneNumber }: AccountNames, network: string): Promise<readonly Domain[]> {
    const name = accountName ?? accountRealm
    if (name !== undefined) return this.domainsCalled(domainName(name.toLowerCase()))
    if (phoneNumber === undefined) throw new InvalidDocument([required(['account_name'])])
    const names = await this.places.withNumber(phoneNumber, network)
    return (await Promise.all(names.map((each) => this.domainsCalled(each)))).flat()
  }

  /** The same by its id. */
  async withId(id: string): Promise<readonly Domain[]> {
    const domain = await this.accounts.domainWithId(id)
    return domain === undefined ? [] : [domain]
  }

  /** What is told to a user who has signed in. */
  async told(user: User): Promise<JsonObject> {
    const [{ id }, [top]] = await Promise.all([
      this.accounts.of(user),
      this.domains.list(kitterItself, { name: this.platform.root }),
    ])
    const reseller = top === undefined ? id : accountOf(top).id
    return { account_id: id, apps: [], is_reseller: id === reseller, language: 'en-us', reseller_id: reseller }
  }

  private async domainsCalled(name: DomainName | undefined): Promise<readonly Domain[]> {
    return name === undefined ? [] : this.domains.list(kitterItself, { name })
  }
}
