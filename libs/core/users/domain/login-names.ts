import type { UserFields } from './user.ts'
import { longestLoginName } from './user-name.ts'

export type LoginNamePolicy = 'realm' | 'domain'

/**
 * The username in Keycloak, which keeps them unique per realm: the user's own (`realm`), or with the domain behind it
 * (`domain`), so that two domains can each have a `bob`.
 */
export class LoginNames {
  readonly policy: LoginNamePolicy

  constructor(policy: LoginNamePolicy) {
    this.policy = policy
  }

  of({ username, domain }: Pick<UserFields, 'username' | 'domain'>): string {
    return this.policy === 'realm' ? username : `${username}@${domain}`
  }

  fits(user: Pick<UserFields, 'username' | 'domain'>): boolean {
    return this.of(user).length <= longestLoginName
  }
}
