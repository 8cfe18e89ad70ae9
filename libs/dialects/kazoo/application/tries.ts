/** Of tries that shall not be many: how many at most, and who tries or is tried. */
export interface TriesLimit {
  readonly who: string
  readonly most: number
}

/** Counts what somebody tries in vain, for all replicas together. */
export abstract class Tries {
  /** Counts one for each, before it's made; after how many seconds it's worth trying again, where it's one too many for one of them, which counts for no other. */
  abstract begin(limits: readonly TriesLimit[]): Promise<number | undefined>
  /** It wasn't in vain. */
  abstract takeBack(limits: readonly TriesLimit[]): Promise<void>
}
