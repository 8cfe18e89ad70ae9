import { Injectable } from '@nestjs/common'
import {
  Credentials,
  emailMissing,
  type HashedPassword,
  type NewPassword,
  type PasswordOwner,
  readPasswordHash,
  unknownUser,
  userDisabled,
} from '#core/users'
import { read } from '../realm/answer-shapes.ts'
import { answered, isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { hashPassword } from './hash-password.ts'
import { PasswordPolicy } from './password-policy.ts'
import { refusedPassword } from './refusals.ts'

@Injectable()
export class KeycloakCredentials extends Credentials {
  constructor(
    private readonly realm: KeycloakRealm,
    private readonly facts: RealmFacts,
  ) {
    super()
  }

  override async problemsOf(password: string, owner: PasswordOwner): Promise<readonly string[]> {
    return new PasswordPolicy((await this.facts.current()).passwordPolicy).problemsOf(password, owner)
  }

  /** bcrypt needs a provider that Keycloak doesn't bring along. */
  override problemsOfHash(hash: string): Promise<readonly string[]> {
    const scheme = readPasswordHash(hash)?.scheme
    const isKnown = scheme !== undefined && scheme !== 'bcrypt'
    return Promise.resolve(isKnown ? [] : ['must be a PHC string of argon2id or PBKDF2'])
  }

  override async hash({ value, temporary }: NewPassword): Promise<HashedPassword | undefined> {
    const policy = new PasswordPolicy((await this.facts.current()).passwordPolicy)
    const { isComplete, hashing } = policy
    return isComplete && hashing !== undefined ? { hash: await hashPassword(value, hashing), temporary } : undefined
  }

  override async lastSet(id: string): Promise<string | undefined> {
    const found = read('credentials', await this.realm.ask((admin) => admin.users.getCredentials({ id })))
    const password = found.find(({ type }) => type === 'password')
    return password && `${password.id} ${password.createdDate}`
  }

  override async setPassword(id: string, { value, temporary }: NewPassword): Promise<void> {
    const credential = { type: 'password', value, temporary }
    try {
      await this.realm.change((admin) => admin.users.resetPassword({ id, credential }))
    } catch (error) {
      if (isMissing(error, 'user')) throw unknownUser()
      throw refusedPassword(error) ?? error
    }
  }

  override async sendResetMail(id: string): Promise<void> {
    try {
      await this.realm.changeOnce((admin) => admin.users.executeActionsEmail({ id, actions: ['UPDATE_PASSWORD'] }))
    } catch (error) {
      if (isMissing(error, 'user')) throw unknownUser()
      const reason = answered(error, 400)?.text('errorMessage')
      if (reason === 'User email missing') throw emailMissing()
      if (reason === 'User is disabled') throw userDisabled()
      throw error
    }
  }
}
