import type { HashedPassword, NewPassword } from '../domain/password.ts'
import type { Account } from './identity-directory.ts'

/** Whose password it is to be: policies forbid to repeat a name in it. */
export type PasswordOwner = Pick<Account, 'loginName' | 'email'>

/** Whether an account had a password before: there are rules about earlier ones. */
export type PasswordOccasion = 'first' | 'another'

/** The accounts' passwords. A missing account is `user.unknown`. */
export abstract class Credentials {
  /**
   * What the realm's password policy has against a password, such as `must have at least 12 characters`. What only the
   * realm itself can judge is left to it: setting such a password is refused then, as `request.invalid`.
   */
  abstract problemsOf(password: string, owner: PasswordOwner): Promise<readonly string[]>

  /** Why the realm could let nobody in by a hash that another system made. */
  abstract problemsOfHash(hash: string): Promise<readonly string[]>

  /** As the realm itself would keep it; nothing where only the realm can judge or hash it. */
  abstract hash(password: NewPassword, occasion: PasswordOccasion): Promise<HashedPassword | undefined>

  /** Something that is another one whenever the password was set. */
  abstract lastSet(userId: string): Promise<string | undefined>

  abstract setPassword(userId: string, password: NewPassword): Promise<void>

  /** Mails the user a link with which to choose a new password. */
  abstract sendResetMail(userId: string): Promise<void>
}
