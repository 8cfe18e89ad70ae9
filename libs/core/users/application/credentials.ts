import type { NewPassword } from '../domain/password.ts'

/** The accounts' passwords. A missing account is `user.unknown`. */
export abstract class Credentials {
  abstract setPassword(userId: string, password: NewPassword): Promise<void>

  /** Mails the user a link with which to choose a new password. */
  abstract sendResetMail(userId: string): Promise<void>
}
