import type { SignInDigest } from '#core/users'
import { dialect } from '../dialect-name.ts'
import { signInDigest } from './sign-in-digest.ts'

/** What kitter keeps a hash of when a password is set. */
export const kazooDigest: SignInDigest = {
  name: dialect,
  of: ({ username }, password) => signInDigest(username, password),
}
