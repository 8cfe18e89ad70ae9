import type { SignInDigest } from '#core/users'
import { signInDigest } from './sign-in-digest.ts'

/** What kitter keeps a hash of when a password is set. */
export const kazooDigest: SignInDigest = {
  name: 'kazoo',
  of: ({ username }, password) => signInDigest(username, password),
}
