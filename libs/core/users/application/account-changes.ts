export interface ToldChanges {
  /** Of the accounts that were changed, made or removed, in no particular order. */
  readonly ids: readonly string[]
  /** Where to go on, also for another replica: JSON that only who wrote it understands. */
  readonly position: string
}

/**
 * What others than kitter changed of the accounts at the identity provider. These are hints, not a journal: what is told
 * needn't be a difference, some are told twice, and where the provider keeps no events none are told.
 */
export abstract class AccountChanges {
  /** What was changed after the position, as far as it's known by now; without one it begins now. At most so many. */
  abstract since(position: string | undefined, most: number): Promise<ToldChanges>
}
