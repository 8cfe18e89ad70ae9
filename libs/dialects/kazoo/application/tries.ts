/** Of what shall not be done often: how many at most within ten minutes, and who does it or has it done. */
export interface TriesLimit {
  readonly who: string
  readonly most: number
}

/** Counts what is tried, for all replicas together. */
export abstract class Tries {
  /**
   * Counts one for each, before it's made. Where it's one too many for one of them it isn't made and counts for none: after
   * how many seconds it's worth trying again.
   */
  abstract begin(limits: readonly TriesLimit[]): Promise<number | undefined>
  /** It wasn't in vain. */
  abstract takeBack(limits: readonly TriesLimit[]): Promise<void>
}
