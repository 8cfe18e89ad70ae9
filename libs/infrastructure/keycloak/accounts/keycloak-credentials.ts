import { Injectable } from '@nestjs/common'
import { Credentials, emailMissing, type NewPassword, type PasswordOwner, unknownUser, userDisabled } from '#core/users'
import { answered, isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { PasswordPolicy } from './password-policy.ts'
import { resetPassword } from './reset-password.ts'

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

  override setPassword(id: string, password: NewPassword): Promise<void> {
    return resetPassword(this.realm, id, password)
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
