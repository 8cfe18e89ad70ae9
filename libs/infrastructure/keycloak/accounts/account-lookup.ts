import { systemRefused } from '#kernel'
import { type Account, emailTaken, unknownUser, userNameTaken } from '#core/users'
import { read } from '../realm/answer-shapes.ts'
import { answered, isMissing } from '../realm/keycloak-answer.ts'
import type { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { accountOf } from './account-representation.ts'
import { refusedFields } from './refusals.ts'

/** What an account is, or is to be, found by. */
export interface AccountNames {
  readonly id: string
  readonly loginName?: string | undefined
  readonly email?: string | undefined
}

/** Finds single accounts of the realm. */
export class AccountLookup {
  private readonly realm: KeycloakRealm

  constructor(realm: KeycloakRealm) {
    this.realm = realm
  }

  async find(id: string): Promise<Account | undefined> {
    try {
      const found = await this.realm.ask((admin) => admin.users.findOne({ id }, { catchNotFound: false }))
      return accountOf(read('user', found))
    } catch (error) {
      if (isMissing(error, 'user')) return undefined
      throw error
    }
  }

  async findByLoginName(loginName: string): Promise<Account | undefined> {
    const query = { username: loginName, exact: true, briefRepresentation: false, max: 2 }
    const found = read('users', await this.realm.ask((admin) => admin.users.find(query)))
    return found.map(accountOf).find((account) => account.loginName === loginName.toLowerCase())
  }

  /**
   * What a refused change of one account comes to. Keycloak's own word for a clash names the new username also where it's
   * the address that clashes: both are looked up.
   */
  async refusal(error: unknown, { id, loginName, email }: AccountNames): Promise<unknown> {
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
