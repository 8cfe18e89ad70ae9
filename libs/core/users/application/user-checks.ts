import { Injectable } from '@nestjs/common'
import { invalid } from '#kernel'
import type { DomainName } from '#core/domains'
import { LoginNames } from '../domain/login-names.ts'
import type { GivenPassword } from '../domain/password.ts'
import { changed, newUser, type User, type UserChange, type UserFields } from '../domain/user.ts'
import { loginNameTooLong } from '../domain/user-errors.ts'
import { checkExtension, type UserExtension } from '../domain/user-extension.ts'
import { Credentials } from './credentials.ts'

/** What must hold of a user whatever else there is: judged before anything is claimed. */
@Injectable()
export class UserChecks {
  constructor(
    private readonly loginNames: LoginNames,
    private readonly credentials: Credentials,
  ) {}

  async newUser(
    fields: Omit<UserFields, 'domain'>,
    domain: DomainName,
    password: GivenPassword | undefined,
  ): Promise<User> {
    const user = newUser({ ...fields, domain })
    if (!this.loginNames.fits(user)) throw loginNameTooLong('user.username')
    await this.requireAllowed(password, user, 'user.credentials')
    return user
  }

  async changed(user: User, change: UserChange, password: GivenPassword | undefined): Promise<User> {
    const after = changed(user, change)
    if (!this.loginNames.fits(after)) throw loginNameTooLong('username')
    await this.requireAllowed(password, after, 'credentials')
    return after
  }

  requireStorable({ document }: UserExtension): void {
    const problems = checkExtension(document)
    if (problems.length > 0) throw invalid(problems)
  }

  private async requireAllowed(password: GivenPassword | undefined, user: User, path: string): Promise<void> {
    if (password === undefined) return
    const problems = await this.problemsOf(password, user)
    const field = 'hash' in password ? 'password_hash' : 'password'
    if (problems.length > 0) throw invalid(problems.map((problem) => ({ path: `${path}.${field}`, problem })))
  }

  private problemsOf(password: GivenPassword, user: User): Promise<readonly string[]> {
    if ('hash' in password) return this.credentials.problemsOfHash(password.hash)
    return this.credentials.problemsOf(password.value, { loginName: this.loginNames.of(user), email: user.email })
  }
}
