import type { Transaction } from '#kernel'

/** Hashes of digests, by the digests' names. */
export type DigestHashes = Readonly<Record<string, string>>

export interface DigestRecord {
  readonly userId: string
  /** Which password it was made of: `Credentials.lastSet` when that had been set. */
  readonly passwordMark: string
}

/** What kitter keeps of sign-in digests. They go with their user, and as soon as the user has another name or domain. */
export abstract class SignInDigestRecords {
  abstract find(name: string, hash: string): Promise<DigestRecord | undefined>
  abstract of(name: string, userId: string): Promise<DigestRecord | undefined>
  /** All of the user's in the place of those before. */
  abstract replace(userId: string, hashes: DigestHashes, passwordMark: string, within: Transaction): Promise<void>
  abstract remove(userId: string, within: Transaction): Promise<void>
}
