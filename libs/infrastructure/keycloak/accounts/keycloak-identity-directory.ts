import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { Injectable } from '@nestjs/common'
import { isOutcomeUnknown, isPlainObject, outcomeUnknown, systemRefused } from '#kernel'
import type { DomainName } from '#core/domains'
import {
  type Account,
  type AccountChange,
  type AccountUpdate,
  emailTaken,
  type HashedPassword,
  IdentityDirectory,
  unknownUser,
  userNameTaken,
} from '#core/users'
import { read } from '../realm/answer-shapes.ts'
import { answered, isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { accountOf, representationOf, updateOf } from './account-representation.ts'
import { type AheadPaging, pageAhead } from './page-ahead.ts'
import { credentialOf } from './password-credential.ts'
import { refusedFields } from './refusals.ts'

/** With attributes, the cost of a page grows with the square of its size. */
const paging: AheadPaging = { pageSize: 100, overlap: 10, inFlight: 2 }

@Injectable()
export class KeycloakIdentityDirectory extends IdentityDirectory {
  constructor(
    private readonly realm: KeycloakRealm,
    private readonly facts: RealmFacts,
  ) {
    super()
  }

  /** By `partialImport`, which alone honours the id and is one transaction. It gives no defaults of the realm: they are sent along. */
  override async create(account: Account, password?: HashedPassword): Promise<void> {
    const { defaultRole, defaultGroups, defaultActions } = await this.facts.current()
    await this.import(account.id, {
      ...representationOf(account),
      realmRoles: [defaultRole],
      groups: [...defaultGroups],
      requiredActions: [...defaultActions, ...(password?.temporary === true ? ['UPDATE_PASSWORD'] : [])],
      ...(password !== undefined && { credentials: [credentialOf(password)] }),
    })
  }

  override async find(id: string): Promise<Account | undefined> {
    try {
      const found = await this.realm.ask((admin) => admin.users.findOne({ id }, { catchNotFound: false }))
      return accountOf(read('user', found))
    } catch (error) {
      if (isMissing(error, 'user')) return undefined
      throw error
    }
  }

  override async findByLoginName(loginName: string): Promise<Account | undefined> {
    const query = { username: loginName, exact: true, briefRepresentation: false, max: 2 }
    const found = read('users', await this.realm.ask((admin) => admin.users.find(query)))
    return found.map(accountOf).find((account) => account.loginName === loginName.toLowerCase())
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
      throw await this.refusal(error, { id, loginName: change.loginName, email: change.email })
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

  private async import(id: string, user: UserRepresentation): Promise<void> {
    const rep = { ifResourceExists: 'FAIL' as const, users: [user] }
    const sending = { isRepeated: false }
    try {
      const answer = await this.realm.change((admin, isRepeated) => {
        sending.isRepeated = isRepeated
        return admin.realms.partialImport({ realm: this.realm.name, rep })
      })
      if (!hasAddedOne(answer)) throw outcomeUnknown('Keycloak', new Error('the answer makes no sense'))
    } catch (error) {
      const isMaybeDone = isOutcomeUnknown(error) || (sending.isRepeated && answered(error, 409) !== undefined)
      if (isMaybeDone && (await this.isThere(id, error))) return
      throw await this.refusal(error, { id, loginName: user.username, email: user.email })
    }
  }

  /** Whether only the answer was lost. Where that can't be seen either, nobody knows. */
  private async isThere(id: string, error: unknown): Promise<boolean> {
    try {
      return (await this.find(id)) !== undefined
    } catch {
      throw outcomeUnknown('Keycloak', error)
    }
  }

  /** Keycloak's own word for it names the new username also where it's the address that clashes: both are looked up. */
  private async refusal(
    error: unknown,
    {
      id,
      loginName,
      email,
    }: { readonly id: string; readonly loginName: string | undefined; readonly email: string | undefined },
  ): Promise<unknown> {
    if (isMissing(error, 'user')) return unknownUser()
    if (answered(error, 409) === undefined) return refusedFields(error) ?? error
    const named = loginName === undefined ? undefined : await this.findByLoginName(loginName)
    if (named !== undefined && named.id !== id) return userNameTaken()
    if (email !== undefined && (await this.ownersOfEmail(email)).some((owner) => owner !== id)) return emailTaken()
    return named === undefined ? systemRefused('Keycloak', error) : userNameTaken()
  }

  private async ownersOfEmail(email: string): Promise<readonly string[]> {
    const query = { email, exact: true, briefRepresentation: true, max: 2 }
    return read('users', await this.realm.ask((admin) => admin.users.find(query))).map(({ id }) => id)
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

function hasAddedOne(answer: unknown): boolean {
  return isPlainObject(answer) && answer['added'] === 1
}
