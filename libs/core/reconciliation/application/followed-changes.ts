/** How far kitter has followed what others change at the identity provider. */
export interface Followed {
  /** In the words of `AccountChanges`; none before the first time. */
  readonly position?: string | undefined
  /** Users who were busy, and are looked at again. */
  readonly waiting: readonly string[]
}

/** It's remembered where all replicas see it. */
export abstract class FollowedChanges {
  abstract read(): Promise<Followed>

  /** Whether it was as it was read: otherwise another replica has gone on, and nothing is written. */
  abstract write(next: Followed, read: Followed): Promise<boolean>
}
