import { Injectable } from '@nestjs/common'
import { everywhere } from '#kernel'
import type { DomainName } from '#core/domains'
import type { GivenPassword } from '../domain/password.ts'
import type { SignInDigest } from '../domain/sign-in-digest.ts'
import type { User } from '../domain/user.ts'
import { Credentials } from './credentials.ts'
import { DigestHashing } from './digest-hashing.ts'
import { IdentityDirectory } from './identity-directory.ts'
import { type DigestHashes, type DigestRecord, SignInDigestRecords } from './sign-in-digest-records.ts'
import { UserRecords } from './user-records.ts'

/** Who signed in, and with which password: another one than after it was set anew. */
export interface SignedIn {
  readonly user: User
  readonly passwordMark: string
}

/**
 * What people sign in with elsewhere, which isn't what Keycloak keeps: made when a password is set through kitter, and
 * believed only while the account's password is still that one.
 */
@Injectable()
export class SignInDigests {
  private readonly digests = new Map<string, SignInDigest>()

  constructor(
    private readonly hashing: DigestHashing,
    private readonly digestRecords: SignInDigestRecords,
    private readonly users: UserRecords,
    private readonly directory: IdentityDirectory,
    private readonly credentials: Credentials,
  ) {}

  /** At the start, by whoever will ask for it. */
  register(digest: SignInDigest): void {
    this.digests.set(digest.name, digest)
  }

  /**
   * To be kept of a new password: none of one that is temporary, or known as a hash only; nothing at all where nobody asks for
   * digests.
   */
  async hashesOf(user: User, password: GivenPassword | undefined): Promise<DigestHashes | undefined> {
    if (this.digests.size === 0 || password === undefined) return undefined
    if ('hash' in password || password.temporary) return {}
    const hashes = [...this.digests.values()].map(async (digest) => {
      const place = { name: digest.name, domain: user.domain }
      return [digest.name, await this.hashing.hash(digest.of(user, password.value), place, 'new')] as const
    })
    return Object.fromEntries(await Promise.all(hashes))
  }

  /**
   * Whose digest it is in the domain, if that user would be let in with the password it was made of. Whoever stays signed in
   * does so while `currentMark` is still the one that is told.
   */
  async signIn(name: string, domain: DomainName, digest: string): Promise<SignedIn | undefined> {
    const known = await this.digestRecords.find(name, await this.hashing.hash(digest, { name, domain }, 'tried'))
    if (known === undefined || !(await this.isCurrent(known))) return undefined
    const user = (await this.users.find(everywhere, known.userId))?.user
    return user?.domain === domain ? { user, passwordMark: known.passwordMark } : undefined
  }

  /** Which password the user could sign in with now, if any. */
  async currentMark(name: string, userId: string): Promise<string | undefined> {
    const known = await this.digestRecords.of(name, userId)
    return known !== undefined && (await this.isCurrent(known)) ? known.passwordMark : undefined
  }

  /** The realm asks nothing of somebody who signs in here: who must do something first is let in there only. */
  private async isCurrent({ userId, passwordMark }: DigestRecord): Promise<boolean> {
    const [account, lastSet] = await Promise.all([this.directory.find(userId), this.credentials.lastSet(userId)])
    const isOpen = account?.enabled === true && (account.requiredActions ?? []).length === 0
    return isOpen && lastSet === passwordMark
  }
}
