import type { User } from './user.ts'

/** What people sign in with at another platform, instead of their password. Whoever has it needs no password. */
export interface SignInDigest {
  /** Such as `kazoo`. */
  readonly name: string
  of(owner: Pick<User, 'username' | 'domain'>, password: string): string
}
