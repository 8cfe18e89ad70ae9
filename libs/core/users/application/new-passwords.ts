import { Injectable } from '@nestjs/common'
import type { GivenPassword, HashedPassword, NewPassword } from '../domain/password.ts'
import { normalPasswordHash } from '../domain/password-hash.ts'
import type { User } from '../domain/user.ts'
import { Credentials, type PasswordOccasion } from './credentials.ts'
import type { DigestHashes } from './sign-in-digest-records.ts'
import { SignInDigests } from './sign-in-digests.ts'

/** A password on its way: what may be journalled of it, and what may not. */
export interface PreparedPassword {
  readonly hashed: HashedPassword | undefined
  /** The realm itself must hash it. */
  readonly setsPassword: boolean
  readonly plain: NewPassword | undefined
  readonly digests: DigestHashes | undefined
}

@Injectable()
export class NewPasswords {
  constructor(
    private readonly credentials: Credentials,
    private readonly digests: SignInDigests,
  ) {}

  /** For the user as it will be. */
  async prepare(
    user: User,
    password: GivenPassword | undefined,
    occasion: PasswordOccasion,
  ): Promise<PreparedPassword> {
    const [hashed, digests] = await Promise.all([
      this.hashed(password, occasion),
      this.digests.hashesOf(user, password),
    ])
    return { hashed, setsPassword: password !== undefined && hashed === undefined, plain: plainOf(password), digests }
  }

  private async hashed(
    password: GivenPassword | undefined,
    occasion: PasswordOccasion,
  ): Promise<HashedPassword | undefined> {
    if (password === undefined) return undefined
    if ('hash' in password) return { ...password, hash: normalPasswordHash(password.hash) }
    return this.credentials.hash(password, occasion)
  }
}

function plainOf(password: GivenPassword | undefined): NewPassword | undefined {
  return password === undefined || 'hash' in password ? undefined : password
}
