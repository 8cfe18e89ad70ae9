/** How far kitter has followed what others change at the identity provider, remembered where all replicas see it. */
export abstract class FollowedChanges {
  /** In the words of `AccountChanges`. */
  abstract position(): Promise<string | undefined>

  abstract moveTo(position: string): Promise<void>
}
