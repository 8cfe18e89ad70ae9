import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import {
  type Account,
  type AccountChange,
  type AccountUpdate,
  type HashedPassword,
  IdentityDirectory,
  unknownUser,
} from '#core/users'
import { read } from '../realm/answer-shapes.ts'
import { isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { AccountLookup } from './account-lookup.ts'
import { accountOf, representationOf, updateOf } from './account-representation.ts'
import { ImportGroups } from './import-groups.ts'
import { KeycloakImporter } from './keycloak-importer.ts'
import { type AheadPaging, pageAhead } from './page-ahead.ts'
import { credentialOf } from './password-credential.ts'
import { PasswordHasher } from './password-hasher.ts'

/** With attributes, the cost of a page grows with the square of its size. */
const paging: AheadPaging = { pageSize: 100, overlap: 10, inFlight: 2 }

@Injectable()
export class KeycloakIdentityDirectory extends IdentityDirectory {
  private readonly lookup: AccountLookup
  private readonly groups: ImportGroups

  constructor(
    private readonly realm: KeycloakRealm,
    private readonly facts: RealmFacts,
    hasher: PasswordHasher,
  ) {
    super()
    this.lookup = new AccountLookup(realm)
    const importer = new KeycloakImporter(realm, this.lookup)
    this.groups = new ImportGroups(importer, realm.timeoutMs, () => hasher.isBusy)
  }

  /** Together with others that come at the same time. An import gives no defaults of the realm: they are sent along. */
  override async create(account: Account, password?: HashedPassword): Promise<void> {
    const { defaultRole, defaultGroups, defaultActions } = await this.facts.current()
    await this.groups.create({
      ...representationOf(account),
      realmRoles: [defaultRole],
      groups: [...defaultGroups],
      requiredActions: [...defaultActions, ...(password?.temporary === true ? ['UPDATE_PASSWORD'] : [])],
      ...(password !== undefined && { credentials: [credentialOf(password)] }),
    })
  }

  override find(id: string): Promise<Account | undefined> {
    return this.lookup.find(id)
  }

  override findByLoginName(loginName: string): Promise<Account | undefined> {
    return this.lookup.findByLoginName(loginName)
  }

  override async update(id: string, change: AccountChange, given: AccountUpdate = {}): Promise<Account> {
    await this.facts.current()
    const before = given.known ?? (await this.find(id))
    if (before === undefined) throw unknownUser()
    const body = { ...updateOf(before, change), ...withPassword(before, given.password) }
    try {
      await this.realm.change((admin) => admin.users.update({ id }, body))
      return before
    } catch (error) {
      throw await this.lookup.refusal(error, { id, loginName: change.loginName, email: change.email })
    }
  }

  /** A delete that races another change answers 500, and the account may live on: it is asked for again until it is gone. */
  override async remove(id: string): Promise<void> {
    const sending = { isRepeated: false }
    try {
      await this.realm.change((admin, isRepeated) => {
        sending.isRepeated = isRepeated
        return admin.users.del({ id })
      })
    } catch (error) {
      if (!isMissing(error, 'user')) throw error
      if (!sending.isRepeated) throw unknownUser()
    }
  }

  /** Keycloak lists accounts by login name, and finds attributes in any case. No domain's name needs quotes in `q`. */
  override async *scan(domain?: DomainName): AsyncGenerator<readonly Account[]> {
    const wanted = domain === undefined ? {} : { q: `domain:${domain}` }
    const pageFrom = async (first: number, max: number): Promise<readonly Account[]> => {
      const query = { ...wanted, first, max, briefRepresentation: false }
      return read('users', await this.realm.ask((admin) => admin.users.find(query))).map(accountOf)
    }
    for await (const page of pageAhead(pageFrom, paging)) {
      const accounts = page.filter(({ attributes }) => isOf(domain, attributes))
      if (accounts.length > 0) yield accounts
    }
  }
}

/** Keycloak asks for another password where this one is temporary; what it asked before, it asks until it's told otherwise. */
function withPassword({ requiredActions = [] }: Account, password: HashedPassword | undefined): UserRepresentation {
  if (password === undefined) return {}
  const credentials = [credentialOf(password)]
  if (password.temporary) return { credentials }
  return { credentials, requiredActions: requiredActions.filter((action) => action !== 'UPDATE_PASSWORD') }
}

function isOf(domain: DomainName | undefined, attributes: Account['attributes']): boolean {
  return domain === undefined || (attributes['domain'] ?? []).includes(domain)
}
